/** What a logistic regression learns from: `signs` holds a row of numbers for each of `isTrue`. */
export type LogisticRows = { readonly signs: Float64Array; readonly isTrue: Uint8Array }

/** Where weights are believed to lie before any row is seen; `pulls[i]` is how many rows' worth that belief is. */
export type Belief = { readonly weights: Float64Array; readonly pulls: Float64Array }

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** The probability that a row, `weights.length` numbers from `start` on, is true. */
export function chanceOf(signs: Float64Array, weights: Float64Array, start = 0): number {
  let sum = 0
  for (let i = 0; i < weights.length; i += 1) sum += (weights[i] as number) * (signs[start + i] as number)
  return sigmoid(sum)
}

/** Solves `matrix · x = vector`, symmetric and positive definite, by elimination; both are used up. */
function solve(matrix: Float64Array, vector: Float64Array): Float64Array {
  const n = vector.length
  for (let k = 0; k < n; k += 1)
    for (let row = k + 1; row < n; row += 1) {
      const factor = (matrix[row * n + k] as number) / (matrix[k * n + k] as number)
      for (let i = k; i < n; i += 1)
        matrix[row * n + i] = (matrix[row * n + i] as number) - factor * (matrix[k * n + i] as number)
      vector[row] = (vector[row] as number) - factor * (vector[k] as number)
    }
  for (let row = n - 1; row >= 0; row -= 1) {
    let rest = vector[row] as number
    for (let i = row + 1; i < n; i += 1) rest -= (matrix[row * n + i] as number) * (vector[i] as number)
    vector[row] = rest / (matrix[row * n + row] as number)
  }
  return vector
}

const mostSteps = 50
const longestMove = 2
const settled = 1e-7

/**
 * Logistic regression by Newton's method, held to what is believed of its weights (a normal prior): of few rows it learns little,
 * of many what they say. Without rows it is the belief itself.
 */
export function fitNear({ signs, isTrue }: LogisticRows, { weights: believed, pulls }: Belief): Float64Array {
  const n = believed.length
  const weights = Float64Array.from(believed)
  for (let step = 0; step < mostSteps; step += 1) {
    const slope = pulls.map((pull, i) => pull * ((weights[i] as number) - (believed[i] as number)))
    const bend = new Float64Array(n * n)
    for (let i = 0; i < n; i += 1) bend[i * n + i] = pulls[i] as number
    for (let row = 0; row < isTrue.length; row += 1) {
      const start = row * n
      const chance = chanceOf(signs, weights, start)
      const error = chance - (isTrue[row] as number)
      const width = Math.max(1e-9, chance * (1 - chance))
      for (let i = 0; i < n; i += 1) {
        const sign = signs[start + i] as number
        slope[i] = (slope[i] as number) + error * sign
        for (let j = 0; j < n; j += 1)
          bend[i * n + j] = (bend[i * n + j] as number) + width * sign * (signs[start + j] as number)
      }
    }
    const move = solve(bend, slope)
    const longest = move.reduce((most, one) => Math.max(most, Math.abs(one)), 0)
    const share = longest > longestMove ? longestMove / longest : 1
    for (let i = 0; i < n; i += 1) weights[i] = (weights[i] as number) - share * (move[i] as number)
    if (longest < settled) break
  }
  return weights
}
