import { createRandom, shuffle } from '../random.ts'

/** What tells a text that belongs to no intent: see {@link describeDoubt}. */
export const doubtSigns = 5

/**
 * The signs of a text out of scope, written into `into`: log-odds of the out-of-scope label (0 without one), of the best
 * intent, its lead over the second, the share of unknown features, and the entropy. `chances` sum to 1;
 * the first `intentCount` are intents, one more may be the out-of-scope label.
 */
export function describeDoubt(chances: Float32Array, intentCount: number, unknown: number, into: Float64Array): void {
  let [first, second, entropy] = [0, 0, 0]
  for (let i = 0; i < intentCount; i += 1) {
    const chance = chances[i] as number
    if (chance > first) {
      second = first
      first = chance
    } else if (chance > second) second = chance
    if (chance > 0) entropy -= chance * Math.log(chance)
  }
  into[0] = chances.length > intentCount ? logOdds(chances[intentCount] as number) : 0
  into[1] = logOdds(first)
  into[2] = Math.log((first + 1e-4) / (second + 1e-4))
  into[3] = unknown
  into[4] = entropy
}

const logOdds = (chance: number): number => Math.log((chance + 1e-4) / (1 - chance + 1e-4))

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** Weighs the signs: one weight a sign, then the bias. */
export type DoubtWeights = Float64Array

/** The probability that a text with these signs is out of scope. */
export function doubtOf(signs: Float64Array, weights: DoubtWeights, start = 0): number {
  let sum = weights[doubtSigns] as number
  for (let i = 0; i < doubtSigns; i += 1) sum += (weights[i] as number) * (signs[start + i] as number)
  return sigmoid(sum)
}

/** Without examples out of scope: doubt is the lack of one clear best intent. */
export const plainDoubt: DoubtWeights = Float64Array.of(0, -1, 0, 1, 0, -0.5)

/** Held-out rows: `doubtSigns` numbers a row, and whether it was out of scope, and whether its best intent was right. */
export type DoubtRows = { readonly signs: Float64Array; readonly isOutside: Uint8Array; readonly isRight: Uint8Array }

/** Logistic regression on held-out rows, by AdaGrad, lightly held to small weights. */
export function fitDoubt({ signs, isOutside }: DoubtRows): DoubtWeights {
  const weights = new Float64Array(doubtSigns + 1)
  const squares = new Float64Array(doubtSigns + 1).fill(1e-6)
  const rows = Int32Array.from(isOutside, (_, row) => row)
  const outside = isOutside.reduce((sum, one) => sum + one, 0)
  // Few rows are outside: each counts as several, so that they are not drowned; the bias takes it back below.
  const boost = Math.max(1, Math.min(20, (rows.length - outside) / Math.max(1, outside) / 2))
  const random = createRandom(1)
  const epochs = Math.max(10, Math.min(300, Math.ceil(200_000 / Math.max(1, rows.length))))
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    shuffle(rows, random)
    for (const row of rows) {
      const start = row * doubtSigns
      const error = (doubtOf(signs, weights, start) - (isOutside[row] as number)) * (isOutside[row] ? boost : 1)
      for (let i = 0; i <= doubtSigns; i += 1) {
        const slope = error * (i === doubtSigns ? 1 : (signs[start + i] as number)) + 1e-4 * (weights[i] as number)
        squares[i] = (squares[i] as number) + slope * slope
        weights[i] = (weights[i] as number) - (0.3 * slope) / Math.sqrt(squares[i] as number)
      }
    }
  }
  weights[doubtSigns] = (weights[doubtSigns] as number) - Math.log(boost)
  return weights
}

/** The threshold that costs at most `loss` of the rows in scope their right answer; above every row's doubt without rows. */
export function chooseThreshold({ signs, isOutside, isRight }: DoubtRows, weights: DoubtWeights, loss: number): number {
  const inside = isOutside.length - isOutside.reduce((sum, one) => sum + one, 0)
  const doubts = Array.from(isRight, (right, row) => (right ? doubtOf(signs, weights, row * doubtSigns) : -1))
    .filter((doubt) => doubt >= 0)
    .sort((a, b) => b - a)
  const spared = doubts[Math.floor(inside * loss)]
  return spared === undefined ? 0.5 : spared + 1e-9
}
