import type { Weights } from '../artifact.ts'
import { createLinearScorer, type Scorer } from './scorer.ts'

/** A trained member as a file holds it. `temperature` divides its scores before they become probabilities. */
export type Member = {
  readonly kind: 'linear'
  readonly temperature: number
  readonly weights: Readonly<Record<string, Weights>>
}

/** The member, ready to score. */
export function createScorer({ weights }: Member): Scorer {
  const { bytes, scales, biases } = weights as { bytes: Int8Array; scales: Float32Array; biases: Float32Array }
  return createLinearScorer({ bytes, scales, width: biases.length }, biases)
}
