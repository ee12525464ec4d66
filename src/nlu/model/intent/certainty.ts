import { chanceOf, fitNear } from './fit-near.ts'

/** How sure to be of a best intent, given its probability: weights of ln p, -ln(1 - p) and 1 (Kull et al. 2017). */
export type Certainty = Float64Array

/** Believes the model's probability as it is. */
export const plainCertainty: Certainty = Float64Array.of(1, 1, 0)

// So many rows' worth is the belief that the probability is right as it is; cross-validated on three public training sets.
const pull = 3
const least = 1e-6

const signsOf = (chance: number): number[] => [Math.log(chance + least), -Math.log(1 - chance + least), 1]

/**
 * Learns certainty from held-out best intents: their probabilities and whether they were right (beta calibration). One temperature
 * for all labels makes the labels likely, but leaves the best one surer than it should be where labels are in dispute.
 */
export function fitCertainty(chances: readonly number[], isRight: Uint8Array): Certainty {
  const signs = Float64Array.from(chances.flatMap(signsOf))
  const fitted = fitNear({ signs, isTrue: isRight }, { weights: plainCertainty, pulls: new Float64Array(3).fill(pull) })
  // A likelier intent must never be less certain.
  return (fitted[0] as number) < 0 || (fitted[1] as number) < 0 ? plainCertainty : fitted
}

/** The probability that a best intent of probability `chance` is right. */
export function certaintyOf(chance: number, certainty: Certainty): number {
  return chanceOf(Float64Array.from(signsOf(chance)), certainty)
}
