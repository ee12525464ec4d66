import type { Example } from '../example.ts'
import { type ChainWeights, trainChain } from './chain-trainer.ts'
import { type Prepared, prepareExamples, type Sources } from './prepare-examples.ts'
import { createSlotModel, type SlotModel, type SlotParts } from './slot-model.ts'

/**
 * `intentOf` gives a training text's predicted intent; it must come from a model that has not seen the text (out of fold), or the
 * tagger will trust intents more than they deserve. `gazetteers` are lists of names known beforehand.
 */
export type SlotTraining = Sources & { seed: number; epochs?: number }

const settings = { epochs: 6, rate: 0.15, dropout: 0.5 }
const levels = 32_767
// In parts of the largest weight: what is less decides nothing.
const smallest = 1 / 500

/** Leaves out weights that decide nothing, then features without weights, and rounds the rest to 16 bits. */
function compact({ slots, book, hashes, pairs }: Prepared, { weights, steps }: ChainWeights): SlotParts {
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-9)
  const unit = largest / levels
  const kept = { hashes: [] as number[], starts: [0], labels: [] as number[], weights: [] as number[] }
  hashes.forEach((hash, f) => {
    for (let p = pairs.starts[f] as number; p < (pairs.starts[f + 1] as number); p += 1) {
      const weight = weights[p] as number
      if (Math.abs(weight) < largest * smallest) continue
      kept.labels.push(pairs.labels[p] as number)
      kept.weights.push(Math.round(weight / unit))
    }
    if (kept.labels.length === kept.starts.at(-1)) return
    kept.hashes.push(hash)
    kept.starts.push(kept.labels.length)
  })
  const rounded = { ...steps, between: steps.between.map(Math.fround), within: steps.within.map(Math.fround) }
  return {
    slots,
    unit,
    hashes: Int32Array.from(kept.hashes),
    starts: Int32Array.from(kept.starts),
    labels: Uint16Array.from(kept.labels),
    weights: Int16Array.from(kept.weights),
    steps: rounded,
    book,
  }
}

/**
 * A tagger of slots learned from labelled spans: a linear-chain conditional random field over tokens that are split before
 * particles. The same examples and seed give the same model. Texts should be as people write them: see `joinParticles`.
 */
export function trainSlotModel(examples: readonly Example[], { seed, epochs, ...sources }: SlotTraining): SlotModel {
  const prepared = prepareExamples(examples, sources)
  const training = { ...settings, epochs: epochs ?? settings.epochs, seed }
  const chain = trainChain(prepared.lessons, prepared.pairs, prepared.slots.length, training)
  return createSlotModel(compact(prepared, chain))
}
