/** Places for requests, and a pause that all of them keep. */
export type Pacing = {
  /** Resolves when there is a place and no pause; false when that would be after `until` (ms of performance.now). */
  enter(until: number): Promise<boolean>
  leave(): void
  /** The peer permits so many at a time. */
  limit(places: number): void
  /** Nothing begins for so long. */
  pause(ms: number): void
}

/** At most `most` requests at a time, fewer when the peer says so; those that wait go in order. */
export function createPacing(most: number): Pacing {
  let places = most
  let taken = 0
  let pausedUntil = 0
  const waiting: (() => void)[] = []
  let isResuming = false

  const admit = () => {
    const pauseMs = pausedUntil - performance.now()
    if (pauseMs > 0) {
      if (isResuming) return
      isResuming = true
      setTimeout(() => {
        isResuming = false
        admit()
      }, pauseMs)
      return
    }
    while (taken < places && waiting.length > 0) {
      taken += 1
      waiting.shift()?.()
    }
  }
  return {
    enter: async (until) => {
      if (pausedUntil > until) return false
      if (taken < places && waiting.length === 0 && performance.now() >= pausedUntil) {
        taken += 1
        return true
      }
      const { promise, resolve } = Promise.withResolvers<boolean>()
      const expiry = setTimeout(
        () => {
          const place = waiting.indexOf(enter)
          if (place < 0) return
          waiting.splice(place, 1)
          resolve(false)
        },
        Math.max(0, until - performance.now()),
      )
      const enter = () => {
        clearTimeout(expiry)
        resolve(true)
      }
      waiting.push(enter)
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
  }
}
