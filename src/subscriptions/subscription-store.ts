import type { Kysely } from 'kysely'
import type {
  AlertMemory,
  Notice,
  Outcome,
  PauseReason,
  Subscription,
  SubscriptionContent,
  SubscriptionKind,
} from './subscription.ts'

type NewSubscription = {
  owner: string
  kind: SubscriptionKind
  content: SubscriptionContent
  nextAt: Date | null
  at: Date
}

/** One that is due, or something to tell that is. */
export type Due = { subscription: string; kind: SubscriptionKind; dueAt: Date }
export type DueNotice = { notice: string; subscription: string; owner: string; content: Notice; createdAt: Date }

/** What a change of a subscription sets; what is absent stays. `reason` null: it goes on. */
type SubscriptionChange = {
  content?: SubscriptionContent
  state?: 'active' | 'paused'
  reason?: PauseReason | null
  nextAt?: Date | null
  /** An alert that begins anew has seen nothing. */
  forgets?: boolean
}

/** How often people have what, for those who run the service. */
export type SubscriptionCounts = { kind: SubscriptionKind; state: 'active' | 'paused'; count: number; failed: number }[]

export type SubscriptionStore = {
  /** Throws SUBSCRIPTION_TOO_MANY when the owner would have more than `most`. */
  add(subscription: NewSubscription, most: number, within: Kysely<unknown>): Promise<Subscription>
  list(owner: string): Promise<Subscription[]>
  read(subscription: string): Promise<Subscription | undefined>
  /** False when the owner has none of this id. */
  change(
    place: { owner: string; subscription: string },
    change: SubscriptionChange & { at: Date },
    within: Kysely<unknown>,
  ): Promise<boolean>
  remove(place: { owner: string; subscription: string }, within: Kysely<unknown>): Promise<boolean>
  counts(): Promise<SubscriptionCounts>
  /** Marks the alerts of entities that have changed as due at `at`, unless they are due before. Those with a schedule keep to it. */
  markChanged(entities: readonly string[], at: Date): Promise<number>
  /** Takes those that are due under a row lock, and says when each is due next. */
  takeDue(now: Date, next: (subscription: Subscription) => Date | null, within: Kysely<unknown>): Promise<Due[]>
  note(
    subscription: string,
    note: { at: Date; outcome: Outcome; code?: string },
    within?: Kysely<unknown>,
  ): Promise<void>
  readMemory(subscription: string): Promise<{ memory: AlertMemory; judged: number }>
  /** False when it has been judged by another in the meantime. */
  writeMemory(
    subscription: string,
    seen: { memory: AlertMemory; judged: number },
    within: Kysely<unknown>,
  ): Promise<boolean>
  addNotices(
    notices: readonly { subscription: string; owner: string; content: Notice; deliverAt: Date; at: Date }[],
    within: Kysely<unknown>,
  ): Promise<void>
  /**
   * Removes what is to be told to one owner by now, and answers it, oldest first; the subscriptions stay locked. Empty: nobody has anything
   * due that no other worker is at.
   */
  takeNotices(now: Date, within: Kysely<unknown>): Promise<DueNotice[]>
}
