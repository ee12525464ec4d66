/** Folds a number into a hash (the mixing step of MurmurHash3), 32 bits. */
export function mix(hash: number, value: number): number {
  let k = Math.imul(value, 0xcc9e2d51)
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593)
  const h = hash ^ k
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0
}

/** A 32-bit hash of text that goes on from `seed`: `hashText('나', hashText('가', 0))` is `hashText('가나', 0)`. */
export function hashText(text: string, seed: number): number {
  return hashPart(text, 0, text.length, seed)
}

/** The hash of `text.slice(start, end)`, for places inside the text. */
export function hashPart(text: string, start: number, end: number, seed = 0): number {
  let hash = seed
  for (let i = start; i < end; i += 1) hash = mix(hash, text.charCodeAt(i))
  return hash
}
