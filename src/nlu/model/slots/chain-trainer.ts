import { createRandom, shuffle } from '../random.ts'
import { emptySteps, Lattice, type Steps } from './lattice.ts'
import type { Lesson } from './prepare-examples.ts'

export type ChainTraining = { slots: number; seed: number; epochs: number; rate: number; dropout: number }

/**
 * What scores labels of tokens, `[token × labels]`, from their features; `kept[i]` is 0 where feature i is left out. `learn` gets
 * the loss's slopes by those scores, of the text scored last.
 */
export type Scorer = {
  score(lesson: Lesson, kept: Uint8Array, out: Float64Array): void
  learn(lesson: Lesson, kept: Uint8Array, slopes: Float64Array): void
}

const softening = 0.1
const least = 1e-3

/** Takes the gold path away from expected counts and marginals: what is left are the slopes of the loss. */
function subtractGold(lattice: Lattice, counts: Steps, gold: Uint16Array): void {
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

type StepGroup = { scores: Float64Array; squares: Float64Array; slopes: Float64Array; tell: (at: number) => void }

function moveSteps({ scores, squares, slopes, tell }: StepGroup, rate: number): void {
  for (let i = 0; i < slopes.length; i += 1) {
    const slope = slopes[i] as number
    if (slope < least && slope > -least) continue
    const square = (squares[i] as number) + slope * slope
    squares[i] = square
    scores[i] = (scores[i] as number) - (rate * slope) / Math.sqrt(square + softening)
    tell(i)
  }
}

/**
 * Fits a scorer, and the steps between labels, as a linear-chain conditional random field (Lafferty et al. 2001): maximum
 * likelihood by AdaGrad, a text at a time. Each feature of each token is left out with probability `dropout`, so what sums the
 * scorer makes of all features are to be scaled by `1 - dropout` in use.
 */
export function trainChain(lessons: readonly Lesson[], scorer: Scorer, training: ChainTraining): Steps {
  const { slots, seed, epochs, rate, dropout } = training
  const random = createRandom(seed)
  const [steps, squares, counts] = [emptySteps(slots), emptySteps(slots), emptySteps(slots)]
  const lattice = new Lattice(slots)
  lattice.setSteps(steps)
  const groups: StepGroup[] = (['between', 'within'] as const).map((group) => ({
    scores: steps[group],
    squares: squares[group],
    slopes: counts[group],
    tell: (at) => lattice.setStep(group, at, steps[group][at] as number),
  }))
  const longest = lessons.reduce((most, { labels }) => Math.max(most, labels.length), 0)
  const emissions = new Float64Array(longest * lattice.labels)
  const kept = new Uint8Array(lessons.reduce((most, { features }) => Math.max(most, features.length), 0))
  const order = Int32Array.from(lessons.keys())
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    shuffle(order, random)
    for (const at of order) {
      const lesson = lessons[at] as Lesson
      for (let i = 0; i < lesson.features.length; i += 1) kept[i] = random() < dropout ? 0 : 1
      scorer.score(lesson, kept, emissions)
      for (const { slopes } of groups) slopes.fill(0)
      lattice.sum(emissions, lesson.labels.length, counts)
      subtractGold(lattice, counts, lesson.labels)
      scorer.learn(lesson, kept, lattice.marginals)
      for (const group of groups) moveSteps(group, rate)
    }
  }
  return steps
}
