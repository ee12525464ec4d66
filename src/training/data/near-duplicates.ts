import { setImmediate as breathe } from 'node:timers/promises'

// MinHash (Broder 1997) with bands: texts whose trigrams agree to `alike` or more nearly always share a band and are compared.
const bands = 10
const rowsOfBand = 3
const alike = 0.6
const hashes = bands * rowsOfBand
const multipliers = Uint32Array.from({ length: hashes }, (_, i) => (Math.imul(i + 1, 0x9e3779b1) | 1) >>> 0)
const mostInBucket = 64
const breatheEvery = 256

function trigramsOf(text: string): Set<number> {
  const padded = `  ${text.replace(/\s+/g, ' ')} `
  const grams = new Set<number>()
  for (let i = 0; i + 3 <= padded.length; i += 1) {
    let hash = 0x811c9dc5
    for (let k = i; k < i + 3; k += 1) hash = Math.imul(hash ^ padded.charCodeAt(k), 0x01000193)
    grams.add(hash >>> 0)
  }
  return grams
}

/** The share of trigrams that two texts have in common, 0…1 (Jaccard). */
export function similarityOf(one: string, other: string): number {
  return shareOf(trigramsOf(one), trigramsOf(other))
}

function shareOf(one: ReadonlySet<number>, other: ReadonlySet<number>): number {
  const common = one.intersection(other).size
  return common / (one.size + other.size - common)
}

function signatureOf(grams: ReadonlySet<number>): Uint32Array {
  const signature = new Uint32Array(hashes).fill(0xffffffff)
  for (const gram of grams)
    for (let i = 0; i < hashes; i += 1) {
      const mixed = Math.imul(gram ^ (gram >>> 15), multipliers[i] as number) >>> 0
      const value = (mixed ^ (mixed >>> 13)) >>> 0
      if (value < (signature[i] as number)) signature[i] = value
    }
  return signature
}

/**
 * Numbers the groups of texts that say nearly the same, each text's by its place; texts linked by others are of one group. Gives way to
 * other work between texts.
 */
export async function groupAlike(texts: readonly string[]): Promise<number[]> {
  const parents = texts.map((_, i) => i)
  const find = (i: number): number => {
    let root = i
    while (parents[root] !== root) root = parents[root] as number
    parents[i] = root
    return root
  }
  const grams: Set<number>[] = []
  const buckets = new Map<string, number[]>()
  for (const [i, text] of texts.entries()) {
    if (i % breatheEvery === 0) await breathe()
    const own = trigramsOf(text)
    grams.push(own)
    const signature = signatureOf(own)
    for (let band = 0; band < bands; band += 1) {
      const key = `${band}:${signature.subarray(band * rowsOfBand, (band + 1) * rowsOfBand).join()}`
      const bucket = buckets.get(key) ?? []
      for (const other of bucket)
        if (find(i) !== find(other) && shareOf(own, grams[other] as Set<number>) >= alike)
          parents[find(i)] = find(other)
      if (bucket.length < mostInBucket) bucket.push(i)
      buckets.set(key, bucket)
    }
  }
  return texts.map((_, i) => find(i))
}
