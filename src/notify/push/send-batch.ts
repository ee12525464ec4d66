import type { Logger } from '#platform/log'
import type { Delivery } from '#platform/queue'
import { createSendingNotes, type SendingNotes } from './note-sendings.ts'
import type { PushMetrics } from './push-metrics.ts'
import { PushFailure, type PushSender } from './push-sender.ts'
import type { ClaimedBatch, PushStore } from './push-store.ts'

type Deps = {
  store: Pick<PushStore, 'claimBatch' | 'note' | 'release'>
  sender: PushSender
  metrics: PushMetrics
  log: Logger
  leaseMs?: number
}
type BatchDelivery = Pick<Delivery<{ push: string; batch: number }>, 'message' | 'isLast' | 'signal'>

/** A worker that dies is followed by another after this at most. */
const usualLeaseMs = 15_000

/**
 * Sends a batch of devices their message, as many at a time as the sender can. What has not gone when it ends is left for the next
 * delivery of the batch: those of which the outcome is noted do not go again.
 */
export function createBatchSender(deps: Deps): (delivery: BatchDelivery) => Promise<void> {
  const { store, leaseMs = usualLeaseMs } = deps
  return async ({ message, isLast, signal }) => {
    const claimed = await store.claimBatch(message.body, leaseMs)
    if (claimed === 'done') return
    if (claimed === 'busy') throw new Error('Another worker has this batch under way, or died with it')
    const notes = createSendingNotes(store, claimed, leaseMs)
    const blocked = await sendAll(deps, claimed, { notes, signal }).finally(() => notes.finish())
    const left = await store.release(claimed, isLast)
    if (blocked) {
      deps.log.error({ 'push.error': blocked.code }, 'No push message goes out until the configuration is corrected')
      throw blocked
    }
    if (left > 0) throw new Error(`${left} devices have not been reached`)
  }
}

type Sending = { notes: SendingNotes; signal: AbortSignal }

/** Answers the failure that keeps all others from going, too. */
async function sendAll(
  deps: Deps,
  { deliveries }: ClaimedBatch,
  { notes, signal }: Sending,
): Promise<PushFailure | undefined> {
  const stopped = AbortSignal.any([signal, notes.stopped])
  const left = deliveries.values()
  let blocked: PushFailure | undefined
  let isBroken = false
  const sendSome = async () => {
    for (const delivery of left) {
      if (stopped.aborted || blocked || isBroken) return
      const failure = await sendOne(deps, delivery, notes).catch((error) => {
        isBroken = true
        throw error
      })
      if (failure?.kind === 'operator') blocked = failure
    }
  }
  const places = Math.min(deps.sender.concurrency, deliveries.length)
  // Those under way are waited for whatever befalls one of them: their outcomes are to be noted.
  const ends = await Promise.allSettled(Array.from({ length: places }, sendSome))
  const broken = ends.find((end) => end.status === 'rejected')
  if (broken) throw broken.reason
  return blocked
}

async function sendOne(
  { sender, metrics }: Deps,
  { device, token, content }: ClaimedBatch['deliveries'][number],
  notes: SendingNotes,
): Promise<PushFailure | undefined> {
  if (content.expiresAt <= new Date()) {
    await notes.add({ device, kind: 'expired', code: 'PUSH_EXPIRED' })
    return undefined
  }
  try {
    const { providerId } = await sender.send({ device, token, content })
    metrics.sent()
    await notes.add({ device, kind: 'sent', providerId })
    return undefined
  } catch (error) {
    if (!(error instanceof PushFailure)) throw error
    metrics.failed(error.kind)
    await notes.add({ device, kind: error.kind, code: error.code })
    return error
  }
}
