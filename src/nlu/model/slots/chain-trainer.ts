import { createRandom, shuffle } from '../random.ts'
import { emptySteps, Lattice, type Steps } from './lattice.ts'
import type { Lesson, Pairs } from './prepare-examples.ts'

export type Training = { seed: number; epochs: number; rate: number; dropout: number }

/** Weights of a linear chain: one per pair of feature and label, and those of steps. */
export type ChainWeights = { weights: Float32Array; steps: Steps }

const softening = 0.1
// Gradients below this do not move a weight by what quantisation would keep.
const least = 1e-3

type State = {
  pairs: Pairs
  lattice: Lattice
  training: Training
  chain: ChainWeights
  squares: Float32Array
  stepSquares: Steps
  counts: Steps
}

function scoreTokens({ pairs, chain, lattice }: State, lesson: Lesson, kept: Uint8Array, out: Float64Array): void {
  const { starts, labels } = pairs
  out.fill(0, 0, lesson.labels.length * lattice.labels)
  for (let t = 0; t < lesson.labels.length; t += 1) {
    const base = t * lattice.labels
    for (let i = lesson.starts[t] as number; i < (lesson.starts[t + 1] as number); i += 1) {
      if (kept[i] === 0) continue
      const f = lesson.features[i] as number
      for (let p = starts[f] as number; p < (starts[f + 1] as number); p += 1) {
        const at = base + (labels[p] as number)
        out[at] = (out[at] as number) + (chain.weights[p] as number)
      }
    }
  }
}

/** Takes the gold path away from expected counts and marginals: what is left is the gradient of the loss. */
function subtractGold({ lattice, counts }: State, gold: Uint16Array): void {
  const width = lattice.slots + 1
  const take = (values: Float64Array, at: number) => {
    values[at] = (values[at] as number) - 1
  }
  let before = width
  for (let t = 0; t < gold.length; t += 1) {
    const label = gold[t] as number
    take(lattice.marginals, t * lattice.labels + label)
    const kind = label === 0 ? 0 : ((label - 1) % 4) + 1
    const slot = (label - kind) / 4
    if (kind === 2 || kind === 3) {
      const isFirst = ((gold[t - 1] as number) - 1) % 4 === 0
      take(counts.within, 4 * slot + (isFirst ? 0 : 2) + kind - 2)
    } else take(counts.between, before * width + (kind === 0 ? 0 : slot + 1))
    if (kind === 0) before = 0
    else if (kind > 2) before = slot + 1
  }
}

function updateTokens({ pairs, chain, lattice, squares, training }: State, lesson: Lesson, kept: Uint8Array): void {
  const { starts, labels } = pairs
  for (let t = 0; t < lesson.labels.length; t += 1) {
    const base = t * lattice.labels
    for (let i = lesson.starts[t] as number; i < (lesson.starts[t + 1] as number); i += 1) {
      if (kept[i] === 0) continue
      const f = lesson.features[i] as number
      for (let p = starts[f] as number; p < (starts[f + 1] as number); p += 1) {
        const slope = lattice.marginals[base + (labels[p] as number)] as number
        if (slope < least && slope > -least) continue
        const square = (squares[p] as number) + slope * slope
        squares[p] = square
        chain.weights[p] = (chain.weights[p] as number) - (training.rate * slope) / Math.sqrt(square + softening)
      }
    }
  }
}

type StepGroup = { values: Float64Array; squares: Float64Array; slopes: Float64Array; tell: (at: number) => void }

function updateSteps({ values, squares, slopes, tell }: StepGroup, rate: number): void {
  for (let i = 0; i < slopes.length; i += 1) {
    const slope = slopes[i] as number
    if (slope < least && slope > -least) continue
    const square = (squares[i] as number) + slope * slope
    squares[i] = square
    values[i] = (values[i] as number) - (rate * slope) / Math.sqrt(square + softening)
    tell(i)
  }
}

function learn(state: State, lesson: Lesson, kept: Uint8Array, emissions: Float64Array): void {
  const { chain, lattice, counts, stepSquares, training } = state
  const { between, within } = chain.steps
  scoreTokens(state, lesson, kept, emissions)
  counts.between.fill(0)
  counts.within.fill(0)
  lattice.sum(emissions, lesson.labels.length, counts)
  subtractGold(state, lesson.labels)
  updateTokens(state, lesson, kept)
  const tellBetween = (at: number) => lattice.setBetween(at, between[at] as number)
  const tellWithin = (at: number) => lattice.setWithin(at, within[at] as number)
  updateSteps(
    { values: between, squares: stepSquares.between, slopes: counts.between, tell: tellBetween },
    training.rate,
  )
  updateSteps({ values: within, squares: stepSquares.within, slopes: counts.within, tell: tellWithin }, training.rate)
}

/**
 * Maximum likelihood of a linear-chain conditional random field (Lafferty et al. 2001) by AdaGrad (Duchi et al. 2011), a text at a
 * time. Each feature of each token is left out with probability `dropout`; weights come back scaled for use without it.
 */
export function trainChain(lessons: readonly Lesson[], pairs: Pairs, slots: number, training: Training): ChainWeights {
  const random = createRandom(training.seed)
  const chain = { weights: new Float32Array(pairs.labels.length), steps: emptySteps(slots) }
  const lattice = new Lattice(slots)
  lattice.setSteps(chain.steps)
  const squares = new Float32Array(pairs.labels.length)
  const state = { pairs, lattice, training, chain, squares, stepSquares: emptySteps(slots), counts: emptySteps(slots) }
  const longest = lessons.reduce((most, { labels }) => Math.max(most, labels.length), 0)
  const widest = lessons.reduce((most, { features }) => Math.max(most, features.length), 0)
  const emissions = new Float64Array(longest * lattice.labels)
  const kept = new Uint8Array(widest)
  const order = Int32Array.from(lessons.keys())
  for (let epoch = 0; epoch < training.epochs; epoch += 1) {
    shuffle(order, random)
    for (const at of order) {
      const lesson = lessons[at] as Lesson
      for (let i = 0; i < lesson.features.length; i += 1) kept[i] = random() < training.dropout ? 0 : 1
      learn(state, lesson, kept, emissions)
    }
  }
  for (let p = 0; p < chain.weights.length; p += 1)
    chain.weights[p] = (chain.weights[p] as number) * (1 - training.dropout)
  return chain
}
