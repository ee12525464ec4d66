/** A stream of pseudo-random numbers: the same parts give the same stream on every machine. */
export type Random = {
  /** 0 ≤ x < 1. */
  float: () => number
  /** Both ends included. */
  int: (min: number, max: number) => number
  chance: (probability: number) => boolean
  pick: <T>(list: readonly [T, ...T[]] | readonly T[]) => T
  /** Around 1, skewed to the right: mostly 0.4 … 1.6, rarely up to 4. */
  size: () => number
}

/** `createRandom(seed, 'orders', day)`: a stream of its own for each purpose and day, so that a new day changes no earlier one. */
export function createRandom(...parts: (string | number)[]): Random {
  const nextSeed = hashParts(parts.join('|'))
  const state: [number, number, number, number] = [nextSeed(), nextSeed(), nextSeed(), nextSeed()]
  // The first numbers of streams with similar names would be alike.
  for (let i = 0; i < 15; i += 1) sfc32(state)
  const float = () => sfc32(state) / 4294967296
  const int = (min: number, max: number) => min + Math.floor(float() * (max - min + 1))
  return {
    float,
    int,
    chance: (probability) => float() < probability,
    pick(list) {
      const picked = list[int(0, list.length - 1)]
      if (picked === undefined) throw new Error('cannot pick from an empty list')
      return picked
    },
    size() {
      const base = (float() + float() + float()) / 1.5
      return Math.max(0.2, base * (float() < 0.12 ? 1 + 2 * float() : 1))
    },
  }
}

/** Picks by weight; the weights are summed once. */
export function createPicker<T>(entries: readonly { value: T; weight: number }[]): (random: Random) => T {
  const total = entries.reduce((sum, { weight }) => sum + weight, 0)
  return (random) => {
    let left = random.float() * total
    for (const { value, weight } of entries) {
      left -= weight
      if (left < 0) return value
    }
    const last = entries.at(-1)
    if (!last) throw new Error('cannot pick from an empty list')
    return last.value
  }
}

/** FNV-1a with a finisher, called repeatedly for more bits. */
function hashParts(text: string): () => number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return () => {
    hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad)
    hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97)
    hash = (hash ^ (hash >>> 15)) + 0x9e3779b9
    return hash >>> 0
  }
}

/** The sfc32 generator; changes `state`. */
function sfc32(state: [number, number, number, number]): number {
  const [a, b, c, d] = state
  const sum = (((a + b) | 0) + d) | 0
  state[3] = (d + 1) | 0
  state[0] = b ^ (b >>> 9)
  state[1] = (c + (c << 3)) | 0
  state[2] = (((c << 21) | (c >>> 11)) + sum) | 0
  return sum >>> 0
}
