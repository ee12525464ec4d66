import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Example,
  evaluateIntents,
  type IntentModel,
  joinParticles,
  loadIntentModel,
  outOfScopeIntent,
  type SlotModel,
  saveIntentModel,
  scoreSpans,
  trainIntentModel,
  trainSlotModel,
} from '#nlu'

/** How well a model trained on one file reads another. Shares are 0 to 1; absent is what the files have nothing of. */
export type IntentsReport = {
  examples: { train: number; test: number; intents: number }
  accuracy: number
  ece: number
  outOfScope?: { recall: number; recallAt93: number; auroc: number }
  slots?: { f1: number; precision: number; recall: number }
  training: { intentSeconds: number; slotSeconds: number; peakMegabytes: number }
  model: { megabytes: number; loadMs: number }
  latencyMicros: { p50: number; p99: number }
}

type Trained = { intents: IntentModel; slots: SlotModel | undefined; intentSeconds: number; slotSeconds: number }
export type TrainingOptions = { seed: number; size: 'quick' | 'full' }

const hasSpans = (examples: readonly Example[]): boolean => examples.some(({ spans }) => spans && spans.length > 0)

function timed<T>(work: () => T): [T, number] {
  const startedAt = performance.now()
  const value = work()
  return [value, (performance.now() - startedAt) / 1000]
}

/** Trains intents, and slots when the examples have spans. Examples are read with particles joined, as people write. */
export function trainBoth(examples: readonly Example[], { seed, size }: TrainingOptions): Trained {
  const [intents, intentSeconds] = timed(() => trainIntentModel(examples, { seed, size }))
  if (!hasSpans(examples)) return { intents, slots: undefined, intentSeconds, slotSeconds: 0 }
  const [slots, slotSeconds] = timed(() => trainSlotModel(examples.map(joinParticles), { seed }))
  return { intents, slots, intentSeconds, slotSeconds }
}

/** Microseconds of one whole reading from its text, after a warm-up of 3,000 calls. */
function measureLatency({ intents, slots }: Trained, texts: readonly string[]): { p50: number; p99: number } {
  const readOne = (text: string) => {
    intents.classify(text)
    slots?.tag(text)
  }
  for (let i = 0; i < 3000; i += 1) readOne(texts[i % texts.length] ?? '')
  const times = texts.map((text) => {
    const startedAt = performance.now()
    readOne(text)
    return (performance.now() - startedAt) * 1000
  })
  times.sort((a, b) => a - b)
  const at = (share: number) => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0)
  return { p50: at(0.5), p99: at(0.99) }
}

function measureFile(model: IntentModel): { megabytes: number; loadMs: number } {
  const folder = mkdtempSync(join(tmpdir(), 'intents-'))
  try {
    const path = join(folder, 'intents.model')
    saveIntentModel(model, path)
    const [, seconds] = timed(() => loadIntentModel(path))
    return { megabytes: statSync(path).size / 1e6, loadMs: seconds * 1000 }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Measures what was trained on `train` by `test`. */
export function measureIntents(trained: Trained, train: readonly Example[], test: readonly Example[]): IntentsReport {
  const { intents, slots, intentSeconds, slotSeconds } = trained
  const joined = test.map(joinParticles)
  const found = evaluateIntents(intents, test)
  const outside = test.some(({ intent }) => intent === outOfScopeIntent)
  const spans = slots && hasSpans(test) ? scoreSpans(joined, (text) => slots.tag(text)) : undefined
  return {
    examples: { train: train.length, test: test.length, intents: intents.intents.length },
    accuracy: found.accuracy,
    ece: found.ece,
    ...(outside
      ? {
          outOfScope: { recall: found.outOfScopeRecall, recallAt93: found.outOfScopeRecallAtFloor, auroc: found.auroc },
        }
      : {}),
    ...(spans ? { slots: { f1: spans.f1, precision: spans.precision, recall: spans.recall } } : {}),
    training: { intentSeconds, slotSeconds, peakMegabytes: process.resourceUsage().maxRSS / 1024 },
    model: measureFile(intents),
    latencyMicros: measureLatency(
      trained,
      joined.map(({ text }) => text),
    ),
  }
}
