import type { Kysely } from 'kysely'
import type { DeviceContent, PushContent } from './push-content.ts'
import type { PushFailureKind } from './push-sender.ts'
import type { FindPeople, PushTarget } from './push-target.ts'

/** `sending` from when its devices are known; `sent` when it has gone to at least one of them and all others are settled. */
export type PushState = 'scheduled' | 'requested' | 'sending' | 'sent' | 'failed' | 'cancelled'

/** `undelivered`: tried too often; it may be replayed. */
export type DeliveryState = 'pending' | 'sent' | 'unregistered' | 'failed' | 'expired' | 'undelivered' | 'cancelled'

export type PushKind = 'notification' | 'data' | 'combined'

export type NewPush = {
  idempotencyKey: string | undefined
  requestedBy: string
  kind: PushKind
  content: PushContent
  target: PushTarget
  dueAt: Date
  isScheduled: boolean
}

export type PushRecord = {
  push: string
  kind: PushKind
  state: PushState
  error: string | null
  requestedBy: string
  requestedAt: Date
  dueAt: Date
  settledAt: Date | null
  /** Devices by state. */
  devices: Partial<Record<DeliveryState, number>>
}

export type DeliveryRecord = {
  device: string
  state: DeliveryState
  attempts: number
  error: string | null
  sentAt: Date | null
}

/** A batch that is this claim's to send until the lease is over. */
export type ClaimedBatch = {
  claim: string
  push: string
  batch: number
  deliveries: { device: string; token: string; content: DeviceContent }[]
}

/** What a look at a batch is: nobody's any more, another worker's at the moment, or the asker's to send. */
export type BatchClaim = 'done' | 'busy' | ClaimedBatch

export type Outcome = { device: string } & (
  | { kind: 'sent'; providerId: string }
  | { kind: PushFailureKind | 'expired'; code: string }
)

type Page = { limit: number; after?: { at: Date; id: string } | undefined }

export type PushStore = {
  /** Keeps the message in the caller's transaction; `isNew` is false when its idempotency key has been seen. */
  add(push: NewPush, within: Kysely<unknown>): Promise<{ push: string; isNew: boolean }>
  /** Finds the devices of a message and puts them in batches; answers how many batches there are. */
  spread(push: string, findPeople: FindPeople, within: Kysely<unknown>): Promise<number>
  claimBatch(batch: { push: string; batch: number }, leaseMs: number): Promise<BatchClaim>
  /** Notes outcomes and holds the claim for longer. False when there is nothing more to send: it was cancelled, or the claim is lost. */
  note(claimed: ClaimedBatch, outcomes: readonly Outcome[], leaseMs: number): Promise<boolean>
  /** Gives the batch back and answers how many of its devices are still to be reached; when it `isLast` they are `undelivered`. */
  release(claimed: ClaimedBatch, isLast: boolean): Promise<number>
  /**
   * Ends what has not gone out, what was given up and could be replayed, too. `over` when there is nothing left to end; undefined when there
   * is no such message.
   */
  cancel(push: string, within: Kysely<unknown>): Promise<'cancelled' | 'over' | undefined>
  /** `from` and `to` are of the request. */
  list(
    filter: Page & { state?: PushState | undefined; from?: Date | undefined; to?: Date | undefined },
  ): Promise<PushRecord[]>
  read(push: string): Promise<PushRecord | undefined>
  /** What was asked for. */
  readContent(push: string): Promise<{ content: PushContent; target: PushTarget } | undefined>
  listDeliveries(push: string, page: { limit: number; after?: string | undefined }): Promise<DeliveryRecord[]>
  removeOlderThan(days: number): Promise<number>
}
