import type { AuditLog } from '#audit'
import type { Actor, PermitRead } from '#auth'
import type { Catalog, Language } from '#catalog'
import type { AnswerQuery } from '#erp'
import type { Understand } from '#nlu'
import type { Logger } from '#platform/log'
import type { Wording } from './answer/wording.ts'
import type { Chip } from './api.ts'
import type { ConversationStore, TurnPlace } from './conversation-store.ts'
import type { Deadline } from './deadline.ts'
import type { StandingOrders } from './standing-orders.ts'
import type { ChatMetrics, StepTimer } from './step-timer.ts'
import type { Turnstile } from './turnstile.ts'

/** What answering needs; every part can be swapped. */
export type AnswerDeps = {
  understand: Understand
  answerQuery: AnswerQuery
  permitRead: PermitRead
  orders: StandingOrders
  catalog: Catalog
  conversations: ConversationStore
  audit: Pick<AuditLog, 'record'>
  metrics: ChatMetrics
  turnstile: Turnstile
  log: Logger
  now: () => Date
}

/** One question, whoever carries it. `signal` ends when nobody waits for the answer any more. */
export type Question = {
  actor: Actor
  text: string
  conversationId?: string | undefined
  /** Of the interface. */
  language?: Language | undefined
  ip: string | null
  signal: AbortSignal
  onAccepted?: ((conversationId: string) => void) | undefined
  onUnderstood?: ((chips: Chip[]) => void) | undefined
}

/** A question on its way: where it is kept, in which words it will be answered, and by when. */
export type Run = {
  question: Question
  text: string
  wording: Wording
  place: TurnPlace
  askedAt: Date
  deadline: Deadline
  timer: StepTimer
}
