/** Numbers in [0, 1), the same for the same seed. */
export type Random = () => number

/** Tommy Ettinger's mulberry32: one 32-bit word of state, good enough for shuffling and dropout. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Puts the items in random order, in place (Fisher and Yates). */
export function shuffle(items: Int32Array, random: Random): void {
  for (let i = items.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1))
    const kept = items[i] as number
    items[i] = items[j] as number
    items[j] = kept
  }
}
