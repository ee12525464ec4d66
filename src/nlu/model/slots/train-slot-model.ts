import type { Example } from '../example.ts'
import { createRandom } from '../random.ts'
import { trainChain } from './chain-trainer.ts'
import { createHiddenScorer, type HiddenScorer, hiddenWidth } from './hidden-scorer.ts'
import type { Steps } from './lattice.ts'
import { createLinearScorer } from './linear-scorer.ts'
import { type Prepared, prepareExamples, type Sources } from './prepare-examples.ts'
import { labelCount } from './slot-labels.ts'
import { createSlotModel, packPair, type SlotModel, type SlotParts } from './slot-model.ts'

/**
 * `intentOf` gives a training text's predicted intent; it must come from a model that has not seen the text (out of fold), or the
 * tagger will trust intents more than they deserve. `gazetteers` are lists of names known beforehand.
 */
type SlotTraining = Sources & { seed: number }

const settings = { epochs: 6, hiddenEpochs: 4, rate: 0.15, dropout: 0.5 }
// The model is the mean of two chains, one with a linear scorer and one with a hidden layer: they err in different places. It is
// cooled besides, for labels are surer than people: held-out spans are right about as often as they are probable.
const share = 0.5 * 0.8
// In parts of the largest weight: what is less decides nothing.
const smallest = 1 / 500

const largestOf = (values: Float32Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9)

/** Linear weights that decide something, rounded to 16 bits, and the features that have any: `ids` are their old numbers. */
function compactLinear({ pairs }: Prepared, weights: Float32Array) {
  const largest = largestOf(weights)
  const unit = largest / 32_767
  const [ids, starts, packed]: [number[], number[], number[]] = [[], [0], []]
  for (let f = 0; f + 1 < pairs.starts.length; f += 1) {
    for (let p = pairs.starts[f] as number; p < (pairs.starts[f + 1] as number); p += 1) {
      const weight = weights[p] as number
      if (Math.abs(weight) >= largest * smallest)
        packed.push(packPair(pairs.labels[p] as number, Math.round(weight / unit)))
    }
    if (packed.length === starts.at(-1)) continue
    ids.push(f)
    starts.push(packed.length)
  }
  const scale = unit * (1 - settings.dropout) * share
  return { ids, starts: Int32Array.from(starts), pairs: Int32Array.from(packed), unit: scale }
}

/** The embeddings of the features `ids`, rounded to 8 bits. */
function compactHidden({ embeddings, outputs }: HiddenScorer, ids: readonly number[]): SlotParts['hidden'] {
  const unit = largestOf(embeddings) / 127
  const rounded = new Int8Array(ids.length * hiddenWidth)
  ids.forEach((id, f) => {
    for (let d = 0; d < hiddenWidth; d += 1)
      rounded[f * hiddenWidth + d] = Math.round((embeddings[id * hiddenWidth + d] as number) / unit)
  })
  const scale = unit * (1 - settings.dropout) * share
  return { embeddings: rounded, outputs: outputs.map((weight) => weight * scale) }
}

function meanSteps(a: Steps, b: Steps): Steps {
  const mean = (x: Float64Array, y: Float64Array) =>
    x.map((value, i) => Math.fround((value + (y[i] as number)) * share))
  return { slots: a.slots, between: mean(a.between, b.between), within: mean(a.within, b.within) }
}

/**
 * A tagger of slots learned from labelled spans: two linear-chain conditional random fields over tokens that are split before
 * particles, averaged. The same examples and seed give the same model. Texts should be as people write them: see `joinParticles`.
 */
export function trainSlotModel(examples: readonly Example[], { seed, ...sources }: SlotTraining): SlotModel {
  const prepared = prepareExamples(examples, sources)
  const { slots, book, hashes, lessons, pairs } = prepared
  const training = { ...settings, slots: slots.length, seed }
  const labels = labelCount(slots.length)
  const linear = createLinearScorer(pairs, labels, settings.rate)
  const steps = trainChain(lessons, linear, training)
  const hidden = createHiddenScorer(hashes.length, labels, createRandom(seed))
  const otherSteps = trainChain(lessons, hidden, { ...training, seed: seed + 1, epochs: settings.hiddenEpochs })
  const { ids, ...kept } = compactLinear(prepared, linear.weights)
  return createSlotModel({
    slots,
    ...kept,
    hashes: Int32Array.from(ids, (id) => hashes[id] as number),
    hidden: compactHidden(hidden, ids),
    steps: meanSteps(steps, otherSteps),
    book,
  })
}
