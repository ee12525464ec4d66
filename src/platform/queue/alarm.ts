/** Something to wait for with a longest time: whoever rings ends the wait, and a ring while nobody waits ends the next one. */
export function createAlarm(): { ring(): void; wait(longestMs: number): Promise<void> } {
  let hasRung = false
  let wake: (() => void) | undefined
  return {
    ring: () => {
      hasRung = true
      wake?.()
    },
    wait: async (longestMs) => {
      if (!hasRung) {
        const { promise, resolve } = Promise.withResolvers<void>()
        const timer = setTimeout(resolve, longestMs)
        wake = resolve
        await promise
        clearTimeout(timer)
        wake = undefined
      }
      hasRung = false
    },
  }
}
