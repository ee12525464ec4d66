import type { RateCounters } from './rate-counters.ts'

type Window = { count: number; endsAt: number }

const mostKeys = 100_000

/** Counters of this process. Past `most` keys the longest known are dropped: a flood of addresses must not fill the memory. */
export function createMemoryRateCounters({ now = () => performance.now(), most = mostKeys } = {}): RateCounters {
  const windows = new Map<string, Window>()
  const running = (key: string): Window | undefined => {
    const window = windows.get(key)
    if (!window || window.endsAt > now()) return window
    windows.delete(key)
    return undefined
  }
  const tell = ({ count, endsAt }: Window) => ({ count, resetMs: Math.max(1, Math.ceil(endsAt - now())) })
  return {
    async add(key, windowMs) {
      const window = running(key) ?? { count: 0, endsAt: now() + windowMs }
      window.count += 1
      windows.set(key, window)
      const [oldest] = windows.keys()
      if (windows.size > most && oldest !== undefined) windows.delete(oldest)
      return tell(window)
    },
    async read(key) {
      const window = running(key)
      return window ? tell(window) : { count: 0, resetMs: 0 }
    },
  }
}
