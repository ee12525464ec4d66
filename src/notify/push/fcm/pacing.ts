/** Places for requests, and a pause that all of them keep. */
export type Pacing = {
  /** Resolves when there is a place and no pause; false when that would be after `until` (ms of performance.now). */
  enter(until: number): Promise<boolean>
  leave(): void
  /** The peer permits so many at a time. */
  limit(places: number): void
  /** Nothing begins for so long. */
  pause(ms: number): void
  /** Nobody is let in any more; those who wait are told so. */
  close(): void
}

/** At most `most` requests at a time, fewer when the peer says so; those that wait go in order. */
export function createPacing(most: number): Pacing {
  let places = most
  let taken = 0
  let pausedUntil = 0
  let isClosed = false
  const waiting: { expiry: NodeJS.Timeout; settle: (hasPlace: boolean) => void }[] = []
  let resuming: NodeJS.Timeout | undefined

  const settleNext = (hasPlace: boolean) => {
    const next = waiting.shift()
    clearTimeout(next?.expiry)
    next?.settle(hasPlace)
  }

  const admit = () => {
    if (isClosed) return
    const pauseMs = pausedUntil - performance.now()
    if (pauseMs > 0) {
      resuming ??= setTimeout(() => {
        resuming = undefined
        admit()
      }, pauseMs)
      return
    }
    while (taken < places && waiting.length > 0) {
      taken += 1
      settleNext(true)
    }
  }
  return {
    enter: async (until) => {
      if (isClosed || pausedUntil > until) return false
      if (taken < places && waiting.length === 0 && performance.now() >= pausedUntil) {
        taken += 1
        return true
      }
      const { promise, resolve: settle } = Promise.withResolvers<boolean>()
      const giveUp = () => {
        waiting.splice(waiting.indexOf(one), 1)
        settle(false)
      }
      const expiry = setTimeout(giveUp, Math.max(0, until - performance.now()))
      const one = { expiry, settle }
      waiting.push(one)
      admit()
      return await promise
    },
    leave: () => {
      taken -= 1
      admit()
    },
    limit: (permitted) => {
      places = Math.min(most, permitted)
      admit()
    },
    pause: (ms) => {
      pausedUntil = Math.max(pausedUntil, performance.now() + ms)
    },
    close: () => {
      isClosed = true
      clearTimeout(resuming)
      while (waiting.length > 0) settleNext(false)
    },
  }
}
