/** How often something has been counted in its running window, and how long until that window ends. */
export type Count = { count: number; resetMs: number }

/**
 * Counters that forget: each begins a window of its own at the first count and is gone when that ends. In memory they are of
 * one process; in Redis every replica counts together.
 */
export type RateCounters = {
  /** Counts one more; `windowMs` matters for the first of a window only. */
  add(key: string, windowMs: number): Promise<Count>
  /** `count` is 0 where no window is running. */
  read(key: string): Promise<Count>
}
