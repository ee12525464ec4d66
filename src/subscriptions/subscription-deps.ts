import type { AuditLog } from '#audit'
import type { Actor, PermitRead } from '#auth'
import type { Catalog } from '#catalog'
import type { AnswerQuery } from '#erp'
import type { Database } from '#platform/database'
import type { Logger } from '#platform/log'
import type { MessageQueue } from '#platform/queue'
import type { Outbox } from './outbox.ts'
import type { SubscriptionMetrics } from './subscription-metrics.ts'
import type { SubscriptionStore } from './subscription-store.ts'

/** An owner as they are now: their roles count at each time that something is looked up for them. */
type FindOwner = (userId: string) => Promise<{ actor: Actor; disabled: boolean } | undefined>

/** What subscriptions and alerts need; every part can be swapped. */
export type SubscriptionDeps = {
  database: Database
  queue: Pick<MessageQueue, 'publish'>
  store: SubscriptionStore
  catalog: Catalog
  permitRead: PermitRead
  answerQuery: AnswerQuery
  findOwner: FindOwner
  audit: Pick<AuditLog, 'recordWith'>
  outbox: Outbox
  /** Where mails link to. */
  publicUrl: string
  /** How many subscriptions and alerts a person may have. */
  mostOfOwner: number
  metrics: SubscriptionMetrics
  log: Logger
  now: () => Date
}
