import { readRefusals } from '../grammar/refusals.ts'
import type { Reading } from '../read-text.ts'
import { intentFeatures, withPlaceholders } from './intent-features.ts'
import { trainClassifier } from './linear-classifier.ts'
import { readTrainingExamples, type TrainingExample } from './training-examples.ts'

type Label = TrainingExample['intent']

/** What sort of utterance it is, before any planning. `refusal`: what the words of it alone say; the rest is how likely each sort is. */
export type RequestKind = {
  refusal?: 'write' | 'unknown'
  label: Label
  probability: number
  probabilityOf: (label: Label) => number
}

/** Trains the classifier on the repository's own examples and returns it as a function of a reading. */
export function buildRequestClassifier(): (reading: Reading) => RequestKind {
  const classifier = trainClassifier(
    readTrainingExamples().map(({ intent, text }) => ({ label: intent, features: intentFeatures(text) })),
  )
  return (reading) => {
    const ranked = classifier.classify(intentFeatures(withPlaceholders(reading)))
    const [refusal] = readRefusals(reading.normal.text)
    const [best] = ranked
    return {
      ...(refusal ? { refusal: refusal.reason } : {}),
      label: best?.label ?? 'chat',
      probability: best?.probability ?? 0,
      probabilityOf: (label) => ranked.find((one) => one.label === label)?.probability ?? 0,
    }
  }
}
