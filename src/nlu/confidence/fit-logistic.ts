/** A logistic regression: one weight a sign, and a bias. */
export type LogisticWeights = { bias: number; weights: number[] }

export type Observation = { signs: readonly number[]; isRight: boolean }

const steps = 400
const rate = 0.5

/** The probability that a logistic regression gives. */
export function predictLogistic({ bias, weights }: LogisticWeights, signs: readonly number[]): number {
  const score = weights.reduce((sum, weight, i) => sum + weight * (signs[i] ?? 0), bias)
  return 1 / (1 + Math.exp(-score))
}

/**
 * Fits by gradient descent with momentum on the mean log loss plus `ridge` / 2 · |weights|²; the bias is free. Deterministic; a few
 * thousand observations take well under a second.
 */
export function fitLogistic(observations: readonly Observation[], ridge = 0.002): LogisticWeights {
  const width = observations[0]?.signs.length ?? 0
  const share = observations.filter(({ isRight }) => isRight).length / Math.max(1, observations.length)
  const bounded = Math.min(0.99, Math.max(0.01, share))
  const fitted: LogisticWeights = { bias: Math.log(bounded / (1 - bounded)), weights: new Array<number>(width).fill(0) }
  const speed = new Float64Array(width + 1)
  for (let step = 0; step < steps && observations.length > 0; step += 1) {
    const gradient = gradientAt(fitted, observations, ridge)
    for (let i = 0; i <= width; i += 1) {
      speed[i] = 0.9 * (speed[i] ?? 0) - rate * (gradient[i] ?? 0)
      if (i === width) fitted.bias += speed[i] ?? 0
      else fitted.weights[i] = (fitted.weights[i] ?? 0) + (speed[i] ?? 0)
    }
  }
  return fitted
}

function gradientAt(fitted: LogisticWeights, observations: readonly Observation[], ridge: number): Float64Array {
  const width = fitted.weights.length
  const gradient = new Float64Array(width + 1)
  for (const { signs, isRight } of observations) {
    const error = (predictLogistic(fitted, signs) - (isRight ? 1 : 0)) / observations.length
    for (let i = 0; i < width; i += 1) gradient[i] = (gradient[i] ?? 0) + error * (signs[i] ?? 0)
    gradient[width] = (gradient[width] ?? 0) + error
  }
  fitted.weights.forEach((weight, i) => {
    gradient[i] = (gradient[i] ?? 0) + ridge * weight
  })
  return gradient
}
