const firstMs = 500
const longestMs = 15_000

/** Pause before try number `attempt` (0 first): doubles to 15 s, with a random part so that browsers don't return all at once. `random` is 0…1. */
export function reconnectDelayMs(attempt: number, random: number): number {
  const full = Math.min(longestMs, firstMs * 2 ** attempt)
  return Math.round(full * (0.5 + random / 2))
}
