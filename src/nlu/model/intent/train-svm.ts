import type { SparseRows } from '../features/feature-space.ts'
import { Arena, type Floats, padded } from '../kernels/arena.ts'
import { createRandom, shuffle } from '../random.ts'

export type SvmSettings = { readonly cost: number; readonly epochs: number; readonly seed: number }

/** What a model learns from: rows, and the label each belongs to. */
export type LabelledRows = { readonly rows: SparseRows; readonly labels: Int32Array; readonly labelCount: number }

/** A linear model's weights: `weights[feature * labelCount + label]`, and one bias a label. */
export type LinearWeights = { readonly weights: Float32Array; readonly biases: Float32Array }

/** The bias is a feature of every row, a little weaker than the rest. */
const biasValue = 0.5

/** Every class against the rest at once: a row's scores for all classes are one pass over its features' weights. */
class OneAgainstRest {
  readonly #data: LabelledRows
  readonly #arena: Arena
  readonly #width: number
  /** A row of `width` numbers for each feature, then one for the bias. */
  readonly #weights: Floats
  readonly #ids: Int32Array
  readonly #idsAt: number
  readonly #values: Floats
  readonly #scores: Floats
  readonly #changes: Floats
  readonly #multipliers: Float32Array
  readonly #ridge: number
  readonly #featureCount: number
  readonly #changed: Int32Array

  constructor(data: LabelledRows, featureCount: number, cost: number) {
    const { rows, labelCount, labels } = data
    const longest = rows.starts.reduce((most, end, i) => Math.max(most, end - (rows.starts[i - 1] ?? 0)), 0) + 1
    this.#width = padded(labelCount)
    this.#arena = new Arena(4 * ((featureCount + 3) * this.#width + 2 * longest))
    this.#weights = this.#arena.floats((featureCount + 1) * this.#width)
    const ids = this.#arena.integers(longest)
    this.#ids = ids.view
    this.#idsAt = ids.at
    this.#values = this.#arena.floats(longest)
    this.#scores = this.#arena.floats(this.#width)
    this.#changes = this.#arena.floats(this.#width)
    this.#data = data
    this.#featureCount = featureCount
    this.#multipliers = new Float32Array(labels.length * labelCount)
    this.#changed = new Int32Array(labelCount)
    this.#ridge = 1 / (2 * cost)
  }

  /** Puts a row before the kernels, its bias last. Returns how many features that makes. */
  #show(row: number): number {
    const { starts, ids, values } = this.#data.rows
    const [start, end] = [starts[row] as number, starts[row + 1] as number]
    for (let k = start; k < end; k += 1) {
      this.#ids[k - start] = ids[k] as number
      this.#values.view[k - start] = values[k] as number
    }
    this.#ids[end - start] = this.#featureCount
    this.#values.view[end - start] = biasValue
    return end - start + 1
  }

  /** One coordinate step on a row for every class: the classes do not touch each other's weights. */
  step(row: number): void {
    const { labels, labelCount } = this.#data
    const count = this.#show(row)
    const { at: values, view } = this.#values
    this.#arena.kernels.gatherRows(this.#idsAt, values, count * 4, this.#weights.at, this.#width * 4, this.#scores.at)
    let diagonal = this.#ridge
    for (let k = 0; k < count; k += 1) diagonal += (view[k] as number) * (view[k] as number)
    let changed = 0
    const scores = this.#scores.view
    for (let label = 0; label < labelCount; label += 1) {
      const sign = labels[row] === label ? 1 : -1
      const before = this.#multipliers[row * labelCount + label] as number
      const gradient = sign * (scores[label] as number) - 1 + before * this.#ridge
      if (before === 0 && gradient >= 0) continue
      const after = Math.max(0, before - gradient / diagonal)
      this.#multipliers[row * labelCount + label] = after
      this.#changes.view[label] = (after - before) * sign
      this.#changed[changed] = label
      changed += 1
    }
    this.#apply(count, changed)
  }

  #apply(count: number, changed: number): void {
    const changes = this.#changes.view
    // Most rows move few classes: those are written one by one, the rest a vector at a time.
    if (changed * 8 > this.#width) {
      this.#arena.kernels.addToRows(
        this.#idsAt,
        this.#values.at,
        count * 4,
        this.#weights.at,
        this.#width * 4,
        this.#changes.at,
      )
    } else {
      const weights = this.#weights.view
      for (let k = 0; k < count; k += 1) {
        const start = (this.#ids[k] as number) * this.#width
        const value = this.#values.view[k] as number
        for (let i = 0; i < changed; i += 1) {
          const label = this.#changed[i] as number
          weights[start + label] = (weights[start + label] as number) + value * (changes[label] as number)
        }
      }
    }
    for (let i = 0; i < changed; i += 1) changes[this.#changed[i] as number] = 0
  }

  weights(): LinearWeights {
    const { labelCount } = this.#data
    const weights = new Float32Array(this.#featureCount * labelCount)
    for (let id = 0; id < this.#featureCount; id += 1) {
      const start = id * this.#width
      weights.set(this.#weights.view.subarray(start, start + labelCount), id * labelCount)
    }
    const start = this.#featureCount * this.#width
    const biases = this.#weights.view.slice(start, start + labelCount).map((weight) => weight * biasValue)
    return { weights, biases }
  }
}

/**
 * Trains one-vs-rest support vector machines with squared hinge loss by dual coordinate descent (Hsieh et al. 2008,
 * Algorithm 1). `featureCount` bounds the ids in the rows.
 */
export function trainSvm(data: LabelledRows, featureCount: number, { cost, epochs, seed }: SvmSettings): LinearWeights {
  const one = new OneAgainstRest(data, featureCount, cost)
  const order = Int32Array.from(data.labels, (_, row) => row)
  const random = createRandom(seed)
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    shuffle(order, random)
    for (const row of order) one.step(row)
  }
  return one.weights()
}
