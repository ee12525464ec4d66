import type { BusinessQuery, Language } from '#catalog'

export const channels = ['email', 'push'] as const
export type Channel = (typeof channels)[number]
export const subscriptionKinds = ['report', 'alert'] as const
export type SubscriptionKind = (typeof subscriptionKinds)[number]

/** Times of day (`22:00`) between which alerts are kept back, in the subscription's time zone; they may lie around midnight. */
export type QuietHours = { from: string; to: string }

/** What a person asked for; kept as ciphertext. */
export type SubscriptionContent = {
  /** As it was said: its period moves with the day where it was said relative to it. */
  query: BusinessQuery
  /** In the person's own words. */
  question: string
  language: Language
  channel: Channel
  /** Five fields. An alert without one is judged when the ERP's data change. */
  cron?: string | undefined
  timeZone: string
  quietHours?: QuietHours | undefined
  /** Of an alert on records: those that appear after it was made, and none that was there before. */
  onlyNew?: boolean | undefined
}

/** `owner-disabled`: shut out. `not-allowed`: their roles no longer show the data. `gone`: the catalog no longer has it. */
export const pauseReasons = ['by-owner', 'owner-disabled', 'not-allowed', 'gone'] as const
export type PauseReason = (typeof pauseReasons)[number]

/** What became of the last time: `retrying` and `failed` have the code of an error. */
export const outcomes = ['sent', 'quiet', 'judged', 'retrying', 'failed', 'paused'] as const
export type Outcome = (typeof outcomes)[number]

export type Subscription = SubscriptionContent & {
  subscription: string
  owner: string
  kind: SubscriptionKind
  state: 'active' | 'paused'
  reason: PauseReason | null
  nextAt: Date | null
  lastAt: Date | null
  lastOutcome: Outcome | null
  lastCode: string | null
  createdAt: Date
}

/**
 * What an alert has seen: the keys for which its condition has come true and not yet clearly passed. Null: never judged. Of new records,
 * `floor` is the date of the oldest that were in sight at first, and `rights` the rows that its owner could see.
 */
export type AlertMemory = { fired: string[]; floor?: string; rights?: string } | null

/** One thing that an alert has to tell. */
export type Notice = { title: string; text: string; limit: string; at: string }
