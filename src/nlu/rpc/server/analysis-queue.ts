import type { AnalyzeRequest } from '../../gen/nlu_pb.ts'
import { createRevisionLedger } from '../revision-ledger.ts'

/** A text that waits to be read. Times are of the monotonic clock, ms; after `expiresAt` nobody waits for the answer. */
type WaitingText = { request: AnalyzeRequest; arrivedAt: number; expiresAt: number }

/** `outdated`: a newer text of its id was there before. `full`: the queue has no room for a text more. */
type Admission = 'queued' | 'replaced' | 'outdated' | 'full'

export type AnalysisQueue = {
  add(request: AnalyzeRequest, now: number): Admission
  /** Takes a text back; whether it was still waiting. */
  withdraw(requestId: string): boolean
  /** The text that has waited longest, or undefined. Those nobody waits for any more are dropped on the way. */
  take(now: number): WaitingText | undefined
  size(): number
}

/** What a client without a timeout of its own is taken to wait. */
const usualTimeoutMs = 2000
/**
 * The texts that wait on one stream, at most `limit`. A newer text of an id takes the older's place in the queue, so that who
 * types fast is read as soon as who waits; `onExpired` hears of each that waited too long.
 */
export function createAnalysisQueue(limit: number, onExpired: () => void): AnalysisQueue {
  const waiting = new Map<string, WaitingText>()
  const isNewest = createRevisionLedger()

  return {
    add(request, now) {
      const replaces = waiting.has(request.requestId)
      if (!replaces && waiting.size >= limit) return 'full'
      if (request.revision > 0 && !isNewest(request.requestId, request.revision)) return 'outdated'
      const expiresAt = now + (request.timeoutMillis || usualTimeoutMs)
      waiting.set(request.requestId, { request, arrivedAt: now, expiresAt })
      return replaces ? 'replaced' : 'queued'
    },
    withdraw: (requestId) => waiting.delete(requestId),
    take(now) {
      for (const [requestId, text] of waiting) {
        waiting.delete(requestId)
        if (text.expiresAt > now) return text
        onExpired()
      }
      return undefined
    },
    size: () => waiting.size,
  }
}
