import { FeatureSpace, learnFeatures } from '../features/feature-space.ts'
import type { FeatureSettings } from '../features/hash-features.ts'
import { chooseFeatures } from './choose-features.ts'
import { mostWords } from './convolution.ts'
import { linearMember, type Member, networkMember } from './members.ts'
import { type BagSettings, trainBag } from './train-bag.ts'
import { type CnnSettings, trainCnn } from './train-cnn.ts'
import { trainSvm } from './train-svm.ts'

export type TrainingSettings = {
  readonly features: FeatureSettings
  /** A feature counts from so many texts on. */
  readonly leastTexts: number
  /** Of more features than these, the least telling are left out. */
  readonly mostFeatures: number
  readonly svm: { readonly cost: number; readonly epochs: number }
  readonly bag: Omit<BagSettings, 'seed'>
  readonly cnn: Omit<CnnSettings, 'seed'>
  /** How many members of each kind beside the linear one. */
  readonly bags: number
  readonly cnns: number
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

/** Epochs of the linear model that only weighs features. */
const weighingEpochs = 5

function learnSpace({ texts, labels, labelCount }: LabelledTexts, settings: TrainingSettings): FeatureSpace {
  const space = new FeatureSpace(learnFeatures(texts, settings.features, settings.leastTexts))
  if (space.size <= settings.mostFeatures) return space
  const data = { rows: space.encodeAll(texts), labels, labelCount }
  const linear = trainSvm(data, space.size, { ...settings.svm, epochs: weighingEpochs, seed: settings.seed })
  return new FeatureSpace(chooseFeatures(space.table, linear, settings.mostFeatures))
}

/** Learns the features of the texts, then each member. */
export function trainMembers(data: LabelledTexts, settings: TrainingSettings): Trained {
  const { texts, labels, labelCount } = data
  const { seed, svm, bag, bags, cnn, cnns } = settings
  const space = learnSpace(data, settings)
  const rows = { rows: space.encodeAll(texts), labels, labelCount }
  const members = [linearMember(trainSvm(rows, space.size, { ...svm, seed }))]
  for (let i = 0; i < bags; i += 1)
    members.push(networkMember('bag', trainBag(rows, space.size, { ...bag, seed: seed * 1000 + i }), bag.width))
  if (cnns === 0) return { space, members }
  const words = { words: texts.map((text) => space.encodeWords(text, mostWords)), labels, labelCount }
  for (let i = 0; i < cnns; i += 1)
    members.push(networkMember('cnn', trainCnn(words, space.size, { ...cnn, seed: seed * 1000 + 500 + i }), cnn.width))
  return { space, members }
}
