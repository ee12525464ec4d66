import type { Actor } from '#auth'
import type { BusinessQuery, Language } from '#catalog'
import type { ManageRequest } from '#nlu'
import type { Prompt } from './api.ts'

type Asking = { actor: Actor; ip: string | null; language: Language; question: string }

/** `query` as it was said: without what the catalog takes for granted today, and with its period's relative name. */
export type StandingOrder = Asking & {
  kind: 'report' | 'alert'
  query: BusinessQuery
  cron?: string | undefined
  channel?: 'email' | 'push' | undefined
  /** An alert of records: only those that appear from now on. */
  onlyNew?: boolean | undefined
}

/** `isDone` is false when there was nothing to do it to, or it cannot be done here. */
export type StandingReply = { text: string; prompts: Prompt[]; isDone: boolean }

/** What a person can have done again and again, as the chat asks for it; another part of the product keeps it and does it. */
export type StandingOrders = {
  place(order: StandingOrder): Promise<StandingReply>
  manage(request: ManageRequest, asking: Asking): Promise<StandingReply>
}
