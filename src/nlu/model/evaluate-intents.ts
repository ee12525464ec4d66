import { type Example, outOfScopeIntent } from './example.ts'
import type { Classification, IntentModel } from './intent-model.ts'
import { createRandom } from './random.ts'

export type IntentEvaluation = {
  /** Rows in scope whose best intent is right, whatever the threshold says. NaN without such rows. */
  accuracy: number
  /** The same, with refused rows counted as wrong. */
  accuracyAtThreshold: number
  /** Rows out of scope that are refused. NaN without such rows. */
  outOfScopeRecall: number
  /** The best recall of any threshold that leaves `accuracyAtThreshold` at `floor` or more, when asked for. */
  outOfScopeRecallAtFloor: number
  auroc: number
  /** Expected calibration error of the best intent's probability, rows in scope. */
  ece: number
  /** What `ece` would be by chance on as many rows if every probability were exactly right. */
  eceByChance: number
  f1: Record<string, number>
  rows: number
}

/**
 * The chance that a positive scores above a negative, ties counted half (Mann and Whitney). NaN when either is missing.
 */
export function areaUnderCurve(positives: readonly number[], negatives: readonly number[]): number {
  const all = [...positives.map((score) => [score, 1] as const), ...negatives.map((score) => [score, 0] as const)]
  all.sort((a, b) => a[0] - b[0])
  let wins = 0
  let below = 0
  for (let start = 0; start < all.length; ) {
    let end = start
    let [ties, own] = [0, 0]
    for (; end < all.length && all[end]?.[0] === all[start]?.[0]; end += 1) {
      if (all[end]?.[1] === 1) own += 1
      else ties += 1
    }
    wins += own * (below + ties / 2)
    below += ties
    start = end
  }
  return wins / (positives.length * negatives.length)
}

/** Expected calibration error in `bins` bins of equal width (Naeini et al. 2015). NaN without predictions. */
export function calibrationError(predictions: readonly { confidence: number; right: boolean }[], bins = 15): number {
  const sums = Array.from({ length: bins }, () => ({ confidence: 0, right: 0 }))
  for (const { confidence, right } of predictions) {
    const bin = sums[Math.min(bins - 1, Math.floor(confidence * bins))]
    if (!bin) continue
    bin.confidence += confidence
    bin.right += right ? 1 : 0
  }
  return sums.reduce((sum, bin) => sum + Math.abs(bin.confidence - bin.right), 0) / predictions.length
}

const chanceDraws = 100

/**
 * The calibration error that a model with these confidences would show, on average, were each exactly the chance of being right: what
 * few rows make of a perfect model. Drawn, always the same. NaN without confidences.
 */
export function calibrationErrorByChance(confidences: readonly number[], bins = 15): number {
  const random = createRandom(1)
  let sum = 0
  for (let draw = 0; draw < chanceDraws; draw += 1)
    sum += calibrationError(
      confidences.map((confidence) => ({ confidence, right: random() < confidence })),
      bins,
    )
  return sum / chanceDraws
}

/** The F1 of each label that is true or predicted somewhere. */
function scoreLabels(pairs: readonly { expected: string; predicted: string }[]): Record<string, number> {
  const counts = new Map<string, { right: number; expected: number; predicted: number }>()
  const of = (label: string) => {
    const known = counts.get(label) ?? { right: 0, expected: 0, predicted: 0 }
    counts.set(label, known)
    return known
  }
  for (const { expected, predicted } of pairs) {
    of(expected).expected += 1
    of(predicted).predicted += 1
    if (expected === predicted) of(expected).right += 1
  }
  return Object.fromEntries(
    [...counts].sort().map(([label, { right, expected, predicted }]) => [label, (2 * right) / (expected + predicted)]),
  )
}

type Read = { expected: string; predicted: string; confidence: number } & Pick<
  Classification,
  'outOfScope' | 'isOutOfScope'
>

/** The best share of `outside` refused by any threshold that leaves at least `floor` of `inside` right and not refused. */
function recallAtFloor(inside: readonly Read[], outside: readonly Read[], floor: number): number {
  const rights = inside.filter((read) => read.expected === read.predicted).map((read) => read.outOfScope)
  rights.sort((a, b) => a - b)
  const needed = Math.ceil(inside.length * floor)
  if (needed > rights.length) return 0
  const threshold = needed === 0 ? Number.NEGATIVE_INFINITY : (rights[needed - 1] ?? 0)
  return outside.filter((read) => read.outOfScope > threshold).length / outside.length
}

const share = (count: number, of: number): number => count / of

/** Measures a model on examples it was not trained on. `floor` is the accuracy in scope for `outOfScopeRecallAtFloor`. */
export function evaluateIntents(model: IntentModel, examples: readonly Example[], floor = 0.93): IntentEvaluation {
  const reads: Read[] = examples.map(({ text, intent }) => {
    const { ranked, outOfScope, isOutOfScope } = model.classify(text)
    const [best] = ranked
    return {
      expected: intent,
      predicted: best?.intent ?? '',
      confidence: best?.probability ?? 0,
      outOfScope,
      isOutOfScope,
    }
  })
  const inside = reads.filter((read) => read.expected !== outOfScopeIntent)
  const outside = reads.filter((read) => read.expected === outOfScopeIntent)
  const right = inside.filter((read) => read.expected === read.predicted)
  return {
    accuracy: share(right.length, inside.length),
    accuracyAtThreshold: share(right.filter((read) => !read.isOutOfScope).length, inside.length),
    outOfScopeRecall: share(outside.filter((read) => read.isOutOfScope).length, outside.length),
    outOfScopeRecallAtFloor: outside.length === 0 ? Number.NaN : recallAtFloor(inside, outside, floor),
    auroc: areaUnderCurve(
      outside.map((read) => read.outOfScope),
      inside.map((read) => read.outOfScope),
    ),
    ece: calibrationError(
      inside.map(({ expected, predicted, confidence }) => ({ confidence, right: expected === predicted })),
    ),
    eceByChance: calibrationErrorByChance(inside.map(({ confidence }) => confidence)),
    f1: scoreLabels(reads.map((read) => (read.isOutOfScope ? { ...read, predicted: outOfScopeIntent } : read))),
    rows: examples.length,
  }
}
