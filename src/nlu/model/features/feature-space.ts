import { type FeatureSettings, featureGroups, hashFeatures, hashWord } from './hash-features.ts'
import { HashIndex } from './hash-index.ts'
import { splitWords } from './split-words.ts'

/** Sparse rows, one after another: row r holds `ids` and `values` from `starts[r]` up to `starts[r + 1]`. */
export type SparseRows = { readonly starts: Int32Array; readonly ids: Int32Array; readonly values: Float32Array }

/** Which features a model knows, and how much each weighs. Plain arrays, so that a file can hold them. */
export type FeatureTable = {
  readonly settings: FeatureSettings
  readonly hashes: Uint32Array
  readonly groups: Uint8Array
  /** Inverse document frequency. */
  readonly weights: Float32Array
}

/** One text as numbers: what of `ids` and `values` is before `length`. Overwritten by the next text. */
export type Encoded = {
  readonly ids: Int32Array
  readonly values: Float32Array
  length: number
  /** The share of the text's features that training never saw, 0 to 1; 1 for a text without any. */
  unknown: number
}

/** Turns texts into sparse vectors: tf-idf, each group of features scaled to length 1 (Salton and Buckley 1988, `ltc`). */
export class FeatureSpace {
  readonly table: FeatureTable
  readonly #index: HashIndex
  readonly #counts: Float32Array
  readonly #squares = new Float64Array(featureGroups)
  readonly #encoded: Encoded

  constructor(table: FeatureTable) {
    this.table = table
    this.#index = new HashIndex(table.hashes.length)
    for (const hash of table.hashes) this.#index.add(hash)
    this.#counts = new Float32Array(table.hashes.length)
    const [ids, values] = [new Int32Array(this.size), new Float32Array(this.size)]
    this.#encoded = { ids, values, length: 0, unknown: 1 }
  }

  get size(): number {
    return this.table.hashes.length
  }

  encode(text: string): Encoded {
    const { groups, weights, settings } = this.table
    const encoded = this.#encoded
    const { ids, values } = encoded
    const counts = this.#counts
    const { hashes, ends } = hashFeatures(text, settings)
    const seen = ends[featureGroups - 1] as number
    let length = 0
    let strange = 0
    for (let i = 0; i < seen; i += 1) {
      const id = this.#index.find(hashes[i] as number)
      if (id < 0) {
        strange += 1
        continue
      }
      const count = counts[id] as number
      if (count === 0) {
        ids[length] = id
        length += 1
      }
      counts[id] = count + 1
    }
    const squares = this.#squares.fill(0)
    for (let i = 0; i < length; i += 1) {
      const id = ids[i] as number
      const count = counts[id] as number
      const value = (count === 1 ? 1 : 1 + Math.log(count)) * (weights[id] as number)
      counts[id] = 0
      values[i] = value
      const group = groups[id] as number
      squares[group] = (squares[group] as number) + value * value
    }
    for (let group = 0; group < featureGroups; group += 1) squares[group] = Math.sqrt(squares[group] as number)
    for (let i = 0; i < length; i += 1)
      values[i] = (values[i] as number) / (squares[groups[ids[i] as number] as number] as number)
    encoded.length = length
    encoded.unknown = seen === 0 ? 1 : strange / seen
    return encoded
  }

  /** The features of each word of a text, in order: ids in this space, one list a word, at most `most` words. */
  encodeWords(text: string, most: number): Int32Array[] {
    return splitWords(text)
      .slice(0, most)
      .map((word) => {
        const { hashes, ends } = hashWord(word, this.table.settings)
        return Int32Array.from(hashes.subarray(0, ends[featureGroups - 1]), (hash) => this.#index.find(hash)).filter(
          (id) => id >= 0,
        )
      })
  }

  encodeAll(texts: readonly string[]): SparseRows {
    const starts = new Int32Array(texts.length + 1)
    let ids = new Int32Array(texts.length * 128)
    let values = new Float32Array(texts.length * 128)
    texts.forEach((text, row) => {
      const encoded = this.encode(text)
      const start = starts[row] as number
      const end = start + encoded.length
      if (end > ids.length) {
        const [wider, more] = [new Int32Array(end * 2), new Float32Array(end * 2)]
        wider.set(ids)
        more.set(values)
        ids = wider
        values = more
      }
      ids.set(encoded.ids.subarray(0, encoded.length), start)
      values.set(encoded.values.subarray(0, encoded.length), start)
      starts[row + 1] = end
    })
    const end = starts[texts.length] as number
    return { starts, ids: ids.slice(0, end), values: values.slice(0, end) }
  }
}

/** Learns the features that occur in at least `leastTexts` of the texts. */
export function learnFeatures(texts: readonly string[], settings: FeatureSettings, leastTexts: number): FeatureTable {
  const index = new HashIndex(1 << 16)
  let textCounts = new Int32Array(1 << 16)
  let lastText = new Int32Array(1 << 16)
  let groups = new Uint8Array(1 << 16)
  texts.forEach((text, row) => {
    const { hashes, ends } = hashFeatures(text, settings)
    for (let i = 0, group = 0; i < (ends[featureGroups - 1] as number); i += 1) {
      while (i >= (ends[group] as number)) group += 1
      const id = index.add(hashes[i] as number)
      if (id >= textCounts.length) {
        const wider = (kept: Int32Array) => {
          const made = new Int32Array(id * 2)
          made.set(kept)
          return made
        }
        textCounts = wider(textCounts)
        lastText = wider(lastText)
        const more = new Uint8Array(id * 2)
        more.set(groups)
        groups = more
      }
      if (lastText[id] === row + 1) continue
      lastText[id] = row + 1
      textCounts[id] = (textCounts[id] as number) + 1
      groups[id] = group
    }
  })
  const kept = Array.from({ length: index.size }, (_, id) => id).filter(
    (id) => (textCounts[id] as number) >= leastTexts,
  )
  return {
    settings,
    hashes: Uint32Array.from(kept, (id) => index.hashes[id] as number),
    groups: Uint8Array.from(kept, (id) => groups[id] as number),
    weights: Float32Array.from(kept, (id) => 1 + Math.log((texts.length + 1) / ((textCounts[id] as number) + 1))),
  }
}
