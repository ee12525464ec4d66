import { addByteRows, type ByteRows } from './byte-rows.ts'
import { addLayer } from './layer-scores.ts'
import type { Scorer } from './scorer.ts'
import type { BagWeights } from './train-bag.ts'

/** The member that adds up a text's embeddings and reads the sum by two layers. */
export function createBagScorer(embeddings: ByteRows, layers: Omit<BagWeights, 'embeddings'>): Scorer {
  const { bias, hiddenWeights, hiddenBias, labelWeights, labelBias } = layers
  const sum = new Float32Array(bias.length)
  const hidden = new Float32Array(hiddenBias.length)
  return {
    labelCount: labelBias.length,
    score({ row }, into) {
      sum.set(bias)
      addByteRows(embeddings, row, sum)
      addLayer(sum, hiddenWeights, hiddenBias, hidden)
      addLayer(hidden, labelWeights, labelBias, into)
    },
  }
}
