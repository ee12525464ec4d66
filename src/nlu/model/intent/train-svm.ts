import type { SparseRows } from '../features/feature-space.ts'
import { createRandom, shuffle } from '../random.ts'

export type SvmSettings = { readonly cost: number; readonly epochs: number; readonly seed: number }

/** What a linear model learns from: rows, and the label each belongs to. */
export type LabelledRows = { readonly rows: SparseRows; readonly labels: Int32Array; readonly labelCount: number }

/** The bias is a feature of every row, a little weaker than the rest. */
const biasValue = 0.5

/** One class against the rest: its weights are adjusted in place until the examples of both sides stand off. */
class OneAgainstRest {
  readonly weights: Float32Array
  bias = 0
  readonly #rows: SparseRows
  readonly #diagonal: Float32Array
  readonly #multipliers: Float32Array
  readonly #ridge: number

  constructor(rows: SparseRows, featureCount: number, { cost }: SvmSettings) {
    const count = rows.starts.length - 1
    this.#rows = rows
    this.#ridge = 1 / (2 * cost)
    this.weights = new Float32Array(featureCount)
    this.#multipliers = new Float32Array(count)
    this.#diagonal = new Float32Array(count)
    for (let row = 0; row < count; row += 1) {
      let square = biasValue * biasValue + this.#ridge
      for (let k = rows.starts[row] as number; k < (rows.starts[row + 1] as number); k += 1)
        square += (rows.values[k] as number) ** 2
      this.#diagonal[row] = square
    }
  }

  restart(): void {
    this.weights.fill(0)
    this.#multipliers.fill(0)
    this.bias = 0
  }

  /** One coordinate step on a row of side `sign`. Returns how far the row is from its best place; 0 when it rests. */
  step(row: number, sign: number): number {
    const { ids, values, starts } = this.#rows
    const { weights } = this
    const end = starts[row + 1] as number
    let score = this.bias * biasValue
    for (let k = starts[row] as number; k < end; k += 1)
      score += (weights[ids[k] as number] as number) * (values[k] as number)
    const before = this.#multipliers[row] as number
    const gradient = sign * score - 1 + before * this.#ridge
    if (before === 0 && gradient >= 0) return -gradient
    const after = Math.max(0, before - gradient / (this.#diagonal[row] as number))
    const change = (after - before) * sign
    this.#multipliers[row] = after
    for (let k = starts[row] as number; k < end; k += 1) {
      const id = ids[k] as number
      weights[id] = (weights[id] as number) + change * (values[k] as number)
    }
    this.bias += change * biasValue
    return Math.abs(gradient)
  }
}

/** A linear model's weights: `weights[feature * labelCount + label]`, and one bias a label. */
export type LinearWeights = { readonly weights: Float32Array; readonly biases: Float32Array }

/**
 * Trains one-vs-rest support vector machines with squared hinge loss by dual coordinate descent (Hsieh et al. 2008,
 * Algorithm 1 with the shrinking of section 3.2). `featureCount` bounds the ids in the rows.
 */
export function trainSvm(
  { rows, labels, labelCount }: LabelledRows,
  featureCount: number,
  settings: SvmSettings,
): LinearWeights {
  const weights = new Float32Array(featureCount * labelCount)
  const biases = new Float32Array(labelCount)
  const one = new OneAgainstRest(rows, featureCount, settings)
  for (let label = 0; label < labelCount; label += 1) {
    one.restart()
    separate(
      one,
      Int8Array.from(labels, (own) => (own === label ? 1 : -1)),
      settings.epochs,
      settings.seed + label,
    )
    for (let id = 0; id < featureCount; id += 1) weights[id * labelCount + label] = one.weights[id] as number
    biases[label] = one.bias * biasValue
  }
  return { weights, biases }
}

/** Passes over the rows, each time without those that rested far on their side. */
function separate(one: OneAgainstRest, signs: Int8Array, epochs: number, seed: number): void {
  const random = createRandom(seed)
  let active = Int32Array.from(signs, (_, row) => row)
  let limit = Number.POSITIVE_INFINITY
  for (let epoch = 0; epoch < epochs && active.length > 0; epoch += 1) {
    shuffle(active, random)
    let kept = 0
    let farthest = 0
    for (const row of active) {
      const distance = one.step(row, signs[row] as number)
      if (-distance > limit) continue
      if (distance > farthest) farthest = distance
      active[kept] = row
      kept += 1
    }
    active = active.subarray(0, kept)
    limit = farthest
  }
}
