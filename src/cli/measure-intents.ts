import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Example,
  evaluateIntents,
  type IntentModel,
  joinParticles,
  loadIntentModel,
  loadSlotModel,
  outOfScopeIntent,
  type SlotModel,
  saveIntentModel,
  saveSlotModel,
  scoreSpans,
  trainIntentModel,
  trainSlotModel,
} from '#nlu'

/** How well a model trained on one file reads another. Shares are 0 to 1; absent is what the files have nothing of. */
export type IntentsReport = {
  examples: { train: number; test: number; intents: number }
  accuracy: number
  ece: number
  /** What a perfectly calibrated model would show by chance on as many rows. */
  eceByChance: number
  outOfScope?: { recall: number; recallAt93: number; auroc: number }
  slots?: { f1: number; precision: number; recall: number }
  /** Seconds of CPU, of every thread of the process together: training itself has one. */
  training: { intentSeconds: number; slotSeconds: number; peakMegabytes: number }
  /** A file for intents and one for slots (0 without); `loadMs` is for both. */
  model: { intentMegabytes: number; slotMegabytes: number; loadMs: number }
  /** One reading of intent and slots from its text. `p99OfMiddles`: each text by the middle of five readings. */
  latencyMicros: { p50: number; p99: number; p99OfMiddles: number }
}

type Trained = {
  intents: IntentModel
  slots: SlotModel | undefined
  intentSeconds: number
  slotSeconds: number
  /** At the end of training, the examples included. */
  peakMegabytes: number
}
export type TrainingOptions = { seed: number; size: 'quick' | 'full' }

const hasSpans = (examples: readonly Example[]): boolean => examples.some(({ spans }) => spans && spans.length > 0)

/** The work's value and its seconds of CPU. */
function timed<T>(work: () => T): [T, number] {
  const before = process.cpuUsage()
  const value = work()
  const { user, system } = process.cpuUsage(before)
  return [value, (user + system) / 1e6]
}

/** Trains intents, and slots when the examples have spans. Examples are read with particles joined, as people write. */
export function trainBoth(examples: readonly Example[], { seed, size }: TrainingOptions): Trained {
  const [intents, intentSeconds] = timed(() => trainIntentModel(examples, { seed, size }))
  const [slots, slotSeconds] = timed(() =>
    hasSpans(examples) ? trainSlotModel(examples.map(joinParticles), { seed }) : undefined,
  )
  const peakMegabytes = process.resourceUsage().maxRSS / 1024
  return { intents, slots, intentSeconds, slotSeconds, peakMegabytes }
}

function quantileOf(values: Float64Array, share: number): number {
  const sorted = values.toSorted()
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
}

/** Microseconds of one whole reading from its text, after a warm-up of 3,000 calls. */
function measureLatency({ intents, slots }: Trained, texts: readonly string[]): IntentsReport['latencyMicros'] {
  const readOne = (text: string) => {
    intents.classify(text)
    slots?.tag(text)
  }
  for (let i = 0; i < 3000; i += 1) readOne(texts[i % texts.length] ?? '')
  const passes = Array.from({ length: 5 }, () =>
    Float64Array.from(texts, (text) => {
      const startedAt = performance.now()
      readOne(text)
      return (performance.now() - startedAt) * 1000
    }),
  )
  const all = Float64Array.from(passes.flatMap((times) => [...times]))
  // Where others have the processor for a while, a single reading may be slow; a text that is slow to read is slow each time.
  const middles = Float64Array.from(texts, (_, i) =>
    quantileOf(
      Float64Array.from(passes, (times) => times[i] ?? 0),
      0.5,
    ),
  )
  return { p50: quantileOf(all, 0.5), p99: quantileOf(all, 0.99), p99OfMiddles: quantileOf(middles, 0.99) }
}

const loads = 5

/** The size of the models' files, and how long a process takes to have both ready: the middle of a few loads. */
function measureFiles({ intents, slots }: Trained): IntentsReport['model'] {
  const folder = mkdtempSync(join(tmpdir(), 'intents-'))
  const [intentPath, slotPath] = [join(folder, 'intents.model'), join(folder, 'slots.model')]
  try {
    const intentMegabytes = saveIntentModel(intents, intentPath) / 1e6
    const slotMegabytes = slots ? saveSlotModel(slots, slotPath) / 1e6 : 0
    const times = Float64Array.from({ length: loads }, () => {
      const startedAt = performance.now()
      loadIntentModel(intentPath)
      if (slots) loadSlotModel(slotPath)
      return performance.now() - startedAt
    })
    return { intentMegabytes, slotMegabytes, loadMs: quantileOf(times, 0.5) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Measures what was trained on `train` by `test`. */
export function measureIntents(trained: Trained, train: readonly Example[], test: readonly Example[]): IntentsReport {
  const { intents, slots, intentSeconds, slotSeconds, peakMegabytes } = trained
  const joined = test.map(joinParticles)
  const found = evaluateIntents(intents, test)
  const outside = test.some(({ intent }) => intent === outOfScopeIntent)
  const spans = slots && hasSpans(test) ? scoreSpans(joined, (text) => slots.tag(text)) : undefined
  return {
    examples: { train: train.length, test: test.length, intents: intents.intents.length },
    accuracy: found.accuracy,
    ece: found.ece,
    eceByChance: found.eceByChance,
    ...(outside
      ? {
          outOfScope: { recall: found.outOfScopeRecall, recallAt93: found.outOfScopeRecallAtFloor, auroc: found.auroc },
        }
      : {}),
    ...(spans ? { slots: { f1: spans.f1, precision: spans.precision, recall: spans.recall } } : {}),
    training: { intentSeconds, slotSeconds, peakMegabytes },
    model: measureFiles(trained),
    latencyMicros: measureLatency(
      trained,
      joined.map(({ text }) => text),
    ),
  }
}
