import type { Encoded } from '../features/feature-space.ts'
import { addByteRows, type ByteRows } from './byte-rows.ts'

/** A text for the members: its features together, and those of each word. */
type EncodedText = { readonly row: Encoded; readonly words: readonly Int32Array[] }

/** A trained member of a model: gives each label a score; the higher, the likelier. */
export type Scorer = {
  readonly labelCount: number
  /** Writes `labelCount` scores into `into`. */
  score(text: EncodedText, into: Float32Array): void
}

/** The member that weighs each feature for each label by itself. */
export function createLinearScorer(rows: ByteRows, biases: Float32Array): Scorer {
  return {
    labelCount: biases.length,
    score({ row }, into) {
      into.set(biases)
      addByteRows(rows, row, into)
    },
  }
}
