/** Lets work through one at a time for each key, in the order it came. Keys without work take no memory. */
export type Turnstile = <T>(key: string, work: () => Promise<T>) => Promise<T>

export function createTurnstile(): Turnstile {
  const lines = new Map<string, Promise<unknown>>()
  return async (key, work) => {
    const mine = (lines.get(key) ?? Promise.resolve()).then(work)
    const settled = mine.catch(() => undefined)
    lines.set(key, settled)
    try {
      return await mine
    } finally {
      if (lines.get(key) === settled) lines.delete(key)
    }
  }
}
