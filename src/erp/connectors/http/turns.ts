import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '#platform/errors'
import { erpErrors } from '../../errors.ts'
import type { CallLimits } from './call-limits.ts'
import type { Server } from './server-group.ts'

/** When a call may begin: its server has a place free, and the ERP has not asked to be left alone. */
export type Turns = {
  /**
   * Waits for a turn and resolves with what gives it back. Throws ERP_RATE_LIMITED when too many wait already, or it would take
   * longer than an attempt or `endsAt` (of `performance.now()`); the signal's reason when the caller gives up.
   */
  take(server: Server, endsAt: number, signal: AbortSignal): Promise<() => void>
  /** The ERP wants no calls for so long. */
  pause(ms: number): void
  /** Calls that wait for a place at the server. */
  waiting(server: Server): number
}

/** In `queue` is what lets each waiting call begin. */
type Place = { busy: number; queue: (() => void)[] }

/** However long an ERP asks for, it is tried again after this: a wrong header must not shut it out for good. */
const longestPauseMs = 5 * 60_000

// cockatiel's bulkhead keeps callers that gave up in its queue and knows no deadline, so the queue is ours.
/** Bounds calls under way and calls that wait, a server each; a rate limit holds for all servers, which share their limits. */
export function createTurns({ concurrent, waiting, attemptMs }: CallLimits): Turns {
  const places = new Map<Server, Place>()
  let pausedUntil = 0

  function placeOf(server: Server): Place {
    const place = places.get(server) ?? { busy: 0, queue: [] }
    places.set(server, place)
    return place
  }

  function leave(place: Place): void {
    const next = place.queue.shift()
    if (next) next()
    else place.busy -= 1
  }

  function enter(place: Place, until: number, signal: AbortSignal): Promise<void> | undefined {
    if (place.busy < concurrent) {
      place.busy += 1
      return undefined
    }
    signal.throwIfAborted()
    if (place.queue.length >= waiting) throw crowded()
    return new Promise((resolve, reject) => {
      const giveUp = (error: unknown) => {
        place.queue.splice(place.queue.indexOf(start), 1)
        settle()
        reject(error)
      }
      const abort = () => giveUp(signal.reason)
      const timer = setTimeout(() => giveUp(crowded()), until - performance.now())
      const settle = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', abort)
      }
      const start = () => {
        settle()
        resolve()
      }
      signal.addEventListener('abort', abort, { once: true })
      place.queue.push(start)
    })
  }

  return {
    take: async (server, endsAt, signal) => {
      const place = placeOf(server)
      const until = Math.min(endsAt, performance.now() + attemptMs)
      for (;;) {
        await passPause(pausedUntil, until, signal)
        await enter(place, until, signal)
        if (performance.now() >= pausedUntil) return () => leave(place)
        // Another call was told to wait while this one stood in the queue.
        leave(place)
      }
    },
    pause: (ms) => {
      pausedUntil = Math.max(pausedUntil, performance.now() + Math.min(ms, longestPauseMs))
    },
    waiting: (server) => places.get(server)?.queue.length ?? 0,
  }
}

async function passPause(pausedUntil: number, until: number, signal: AbortSignal): Promise<void> {
  const leftMs = pausedUntil - performance.now()
  if (leftMs <= 0) return
  if (pausedUntil > until) throw new AppError(erpErrors.rateLimited, { retryAfterS: Math.ceil(leftMs / 1_000) })
  await sleep(leftMs, undefined, { signal })
}

function crowded(): AppError {
  return new AppError(erpErrors.rateLimited, { retryAfterS: 5, cause: new Error('no turn came free') })
}
