import { createRandom, shuffle } from '../random.ts'

/** Deals every row to one of `count` folds, each label's rows evenly. The same seed deals the same. */
export function dealFolds(labels: Int32Array, count: number, seed: number): Uint8Array {
  const rows = Int32Array.from(labels, (_, row) => row)
  shuffle(rows, createRandom(seed))
  const folds = new Uint8Array(labels.length)
  const dealt = new Map<number, number>()
  for (const row of rows) {
    const label = labels[row] as number
    // Each label starts at another fold, so that labels of one row do not all fall into the first.
    const next = dealt.get(label) ?? label
    folds[row] = next % count
    dealt.set(label, next + 1)
  }
  return folds
}
