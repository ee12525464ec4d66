import { chanceOf, fitNear } from './fit-near.ts'

/** What tells a text that belongs to no intent: see {@link describeDoubt}. */
export const doubtSigns = 6

/**
 * The signs of a text out of scope, written into `into`: log-odds of the out-of-scope label (0 without one), of the best
 * intent, its lead over the second, the share of unknown features, the entropy, and a constant 1. `chances` sum to 1;
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
  into[5] = 1
}

const logOdds = (chance: number): number => Math.log((chance + 1e-4) / (1 - chance + 1e-4))

/** Weighs the signs, one weight a sign: see `chanceOf`. */
export type DoubtWeights = Float64Array

/** Without examples out of scope: doubt is the lack of one clear best intent. */
export const plainDoubt: DoubtWeights = Float64Array.of(0, -1, 0, 1, 0, -0.5)

/** Held-out rows: `doubtSigns` numbers a row, and whether it was out of scope, and whether its best intent was right. */
export type DoubtRows = { readonly signs: Float64Array; readonly isOutside: Uint8Array; readonly isRight: Uint8Array }

// The label that has learned what is out of scope knows best; few sets have the hundreds of held-out rows that tell more. How strongly
// to believe that is cross-validated on the CLINC150 training set.
const belief = { weights: Float64Array.of(1, 0, 0, 0, 0, 0), pulls: Float64Array.of(30, 30, 30, 30, 30, 1) }

/** Learns doubt from held-out rows of which some are out of scope. */
export function fitDoubt({ signs, isOutside }: DoubtRows): DoubtWeights {
  return fitNear({ signs, isTrue: isOutside }, belief)
}

/** The threshold that costs at most `loss` of the rows in scope their right answer; above every row's doubt without rows. */
export function chooseThreshold({ signs, isOutside, isRight }: DoubtRows, weights: DoubtWeights, loss: number): number {
  const inside = isOutside.length - isOutside.reduce((sum, one) => sum + one, 0)
  const doubts = Array.from(isRight, (right, row) => (right ? chanceOf(signs, weights, row * doubtSigns) : -1))
    .filter((doubt) => doubt >= 0)
    .sort((a, b) => b - a)
  const spared = doubts[Math.floor(inside * loss)]
  return spared === undefined ? 0.5 : spared + 1e-9
}
