import { createHash } from 'node:crypto'
import { type Example, outOfScopeIntent } from './example.ts'
import { calibrateModel } from './intent/calibrate-model.ts'
import { type HoldOut, predictHeldOut } from './intent/predict-held-out.ts'
import { type LabelledTexts, type TrainingSettings, trainMembers } from './intent/train-members.ts'
import { IntentModel } from './intent-model.ts'

export type IntentModelOptions = {
  /** `quick`: linear only, for small sets and tests. `full`: everything. Default `full`. */
  size?: 'quick' | 'full'
  /** Default 1. The same seed and examples give the same model. */
  seed?: number
  /** The share of sentences in scope that may be refused though their intent is right. Default 0.007. */
  refusalLoss?: number
}

// Chosen by cross-validation on the training parts of three public sets, in Korean and English.
const bag = {
  width: 256,
  hidden: 256,
  epochs: 30,
  batch: 16,
  featureDropout: 0.75,
  hiddenDropout: 0.4,
  smoothing: 0.1,
  embeddingRate: 0.05,
  denseRate: 0.002,
} as const

const cnn = {
  width: 96,
  filters: 96,
  epochs: 24,
  batch: 16,
  featureDropout: 0.5,
  hiddenDropout: 0.4,
  smoothing: 0.1,
  embeddingRate: 0.05,
  denseRate: 0.002,
} as const

function settingsFor(count: number, { seed = 1, size = 'full' }: IntentModelOptions): TrainingSettings {
  return {
    features: { characters: [1, 3], letters: [3, 6], pairWindow: 3 },
    leastTexts: count < 300 ? 1 : 2,
    mostFeatures: 20_000,
    svm: { cost: 0.5, epochs: 9 },
    bag,
    cnn,
    bags: size === 'quick' ? 0 : 2,
    cnns: size === 'quick' ? 0 : 1,
    seed,
  }
}

/** Few examples are all held out in turn; of many, a fifth tells enough. */
function holdOutFor(count: number): HoldOut {
  if (count < 4) return { folds: 1, runs: 0 }
  return count < 4000 ? { folds: 4, runs: 4 } : { folds: 5, runs: 1 }
}

/** The SHA-256 of what was trained on, in order: tells whether a model is of these examples. */
function hashExamples(examples: readonly Example[]): string {
  const hash = createHash('sha256')
  for (const { text, intent, spans } of examples) hash.update(`${JSON.stringify([text, intent, spans ?? null])}\n`)
  return hash.digest('hex')
}

/**
 * Trains on labelled texts; those of intent `out_of_scope` are what to refuse. Deterministic. Calibrated on rows held out
 * of `examples` themselves. Throws a RangeError when there is no example in scope.
 */
export function trainIntentModel(examples: readonly Example[], options: IntentModelOptions = {}): IntentModel {
  const names = new Set(examples.map(({ intent }) => intent))
  const hasOutside = names.delete(outOfScopeIntent)
  const intents = [...names].sort()
  if (intents.length === 0) throw new RangeError('there is no example of an intent')
  const places = new Map(intents.map((intent, i) => [intent, i]))
  const data: LabelledTexts = {
    texts: examples.map(({ text }) => text),
    labels: Int32Array.from(examples, ({ intent }) => places.get(intent) ?? intents.length),
    labelCount: intents.length + (hasOutside ? 1 : 0),
  }
  const settings = settingsFor(examples.length, options)
  const heldOut = predictHeldOut(data, settings, holdOutFor(examples.length))
  const votes = { linear: 1, bag: settings.bags, cnn: settings.cnns }
  const calibration = calibrateModel(heldOut, intents.length, { votes, loss: options.refusalLoss ?? 0.007 })
  const { space, members } = trainMembers(data, settings)
  return new IntentModel({
    intents,
    hasOutside,
    features: space.table,
    members: members.map((member) => ({ ...member, temperature: calibration.temperatures[member.kind] ?? 1 })),
    temperature: calibration.temperature,
    certainty: calibration.certainty,
    doubt: calibration.doubt,
    threshold: calibration.threshold,
    facts: {
      settings,
      trainingSet: hashExamples(examples),
      examples: examples.length,
      heldOut: { rows: heldOut.labels.length, accuracy: calibration.accuracy },
    },
  })
}
