import type { Weights } from '../artifact.ts'
import { createBagScorer } from './bag-scorer.ts'
import { toByteRows } from './byte-rows.ts'
import { createCnnScorer } from './cnn-scorer.ts'
import { createLinearScorer, type Scorer } from './scorer.ts'
import type { BagWeights } from './train-bag.ts'
import type { CnnWeights } from './train-cnn.ts'
import type { LinearWeights } from './train-svm.ts'

/** `linear`: support vector machines. `bag`: summed embeddings under two layers. `cnn`: filters over words in order. */
export type MemberKind = 'linear' | 'bag' | 'cnn'

/** A trained member as a file holds it. `temperature` divides its scores before they become probabilities. */
export type Member = {
  readonly kind: MemberKind
  readonly temperature: number
  readonly weights: Readonly<Record<string, Weights>>
}

export function linearMember({ weights, biases }: LinearWeights): Member {
  const { bytes, scales } = toByteRows(weights, biases.length)
  return { kind: 'linear', temperature: 1, weights: { bytes, scales, biases } }
}

/** A network of `width` numbers an embedding; the embeddings are kept as bytes, the layers as they are. */
export function networkMember(
  kind: 'bag' | 'cnn',
  { embeddings, ...layers }: BagWeights | CnnWeights,
  width: number,
): Member {
  const { bytes, scales } = toByteRows(embeddings, width)
  return { kind, temperature: 1, weights: { bytes, scales, ...layers } }
}

/** The member, ready to score. */
export function createScorer({ kind, weights }: Member): Scorer {
  const { bytes, scales, ...layers } = weights as Record<string, Weights> & { bytes: Int8Array; scales: Float32Array }
  const rows = { bytes, scales, width: scales.length === 0 ? 0 : bytes.length / scales.length }
  if (kind === 'bag') return createBagScorer(rows, layers as Omit<BagWeights, 'embeddings'>)
  if (kind === 'cnn') return createCnnScorer(rows, layers as Omit<CnnWeights, 'embeddings'>)
  return createLinearScorer(rows, layers.biases as Float32Array)
}
