import { FeatureSpace, learnFeatures, type SparseRows } from '../features/feature-space.ts'
import type { FeatureSettings } from '../features/hash-features.ts'
import type { Member } from './members.ts'
import { toByteRows } from './scorer.ts'
import { trainSvm } from './train-svm.ts'

export type TrainingSettings = {
  readonly features: FeatureSettings
  /** A feature counts from so many texts on. */
  readonly leastTexts: number
  readonly svm: { readonly cost: number; readonly epochs: number }
  readonly seed: number
}

/** Texts and the label of each, `labelCount` labels in all. */
export type LabelledTexts = {
  readonly texts: readonly string[]
  readonly labels: Int32Array
  readonly labelCount: number
}

/** The members trained on the texts, not yet calibrated, and the features they share. */
export type Trained = { readonly space: FeatureSpace; readonly members: readonly Member[] }

/** Learns the features of the texts, then each member. */
export function trainMembers({ texts, labels, labelCount }: LabelledTexts, settings: TrainingSettings): Trained {
  const space = new FeatureSpace(learnFeatures(texts, settings.features, settings.leastTexts))
  const rows: SparseRows = space.encodeAll(texts)
  const data = { rows, labels, labelCount }
  const { weights, biases } = trainSvm(data, space.size, { ...settings.svm, seed: settings.seed })
  const { bytes, scales } = toByteRows(weights, labelCount)
  return { space, members: [{ kind: 'linear', temperature: 1, weights: { bytes, scales, biases } }] }
}
