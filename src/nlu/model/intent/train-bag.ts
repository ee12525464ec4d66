import type { SparseRows } from '../features/feature-space.ts'
import { Arena, type Floats, padded } from '../kernels/arena.ts'
import { createRandom, type Random, shuffle } from '../random.ts'
import { Layer, type Sparse, sparse, writeLossSlope } from './layer.ts'
import type { LabelledRows } from './train-svm.ts'

export type BagSettings = {
  /** The length of an embedding; of the hidden layer. Multiples of 32. */
  readonly width: number
  readonly hidden: number
  readonly epochs: number
  readonly batch: number
  readonly featureDropout: number
  readonly hiddenDropout: number
  readonly smoothing: number
  readonly embeddingRate: number
  readonly denseRate: number
  readonly seed: number
}

/** What a bag learnt: `embeddings[feature * width + i]`, then two layers, their input's rows one after another. */
export type BagWeights = {
  readonly embeddings: Float32Array
  readonly bias: Float32Array
  readonly hiddenWeights: Float32Array
  readonly hiddenBias: Float32Array
  readonly labelWeights: Float32Array
  readonly labelBias: Float32Array
}

// A feature seen once or twice keeps most of its first numbers: they must not say much.
const firstRange = 0.02

class BagTrainer {
  readonly #settings: BagSettings
  readonly #arena: Arena
  readonly #random: Random
  readonly #embeddings: Floats
  readonly #squares: Float32Array
  readonly #bias: Float32Array
  readonly #biasSquares: Float32Array
  readonly #sum: Floats
  readonly #sumSlope: Floats
  readonly #bag: Sparse
  readonly #low: Sparse
  readonly #high: Sparse
  readonly #dots: Floats
  readonly #hidden: Layer
  readonly #labels: Layer
  readonly #labelCount: number
  #time = 0

  constructor(settings: BagSettings, featureCount: number, labelCount: number, longest: number) {
    const { width, hidden } = settings
    const cells = 4 * (width + 2) * (padded(hidden) + 64) + 4 * (hidden + 2) * (padded(labelCount) + 64)
    const arena = new Arena(4 * (featureCount * width + cells + 4 * longest + 64 * width))
    this.#settings = settings
    this.#arena = arena
    this.#labelCount = labelCount
    this.#random = createRandom(settings.seed)
    this.#embeddings = arena.floats(featureCount * width)
    const { view } = this.#embeddings
    for (let i = 0; i < view.length; i += 1) view[i] = (this.#random() * 2 - 1) * firstRange
    this.#squares = new Float32Array(featureCount)
    this.#bias = new Float32Array(width)
    this.#biasSquares = new Float32Array(width)
    this.#sum = arena.floats(width)
    this.#sumSlope = arena.floats(width)
    this.#bag = sparse(arena, longest)
    this.#low = sparse(arena, width + 1)
    this.#high = sparse(arena, hidden + 1)
    this.#dots = arena.floats(Math.max(width, hidden) + 1)
    this.#hidden = new Layer(arena, width, hidden, this.#random)
    this.#labels = new Layer(arena, hidden, labelCount, this.#random)
  }

  #drop({ starts, ids, values }: SparseRows, row: number): void {
    const keep = 1 - this.#settings.featureDropout
    const bag = this.#bag
    let count = 0
    for (let k = starts[row] as number; k < (starts[row + 1] as number); k += 1) {
      if (this.#random() >= keep) continue
      bag.ids.view[count] = ids[k] as number
      bag.values.view[count] = (values[k] as number) / keep
      count += 1
    }
    bag.count = count
  }

  /** ReLU and dropout: what is left of a layer's `length` numbers, and the bias's constant 1 at the end. */
  #activate(from: Float32Array, length: number, to: Sparse): void {
    const keep = 1 - this.#settings.hiddenDropout
    let count = 0
    for (let i = 0; i < length; i += 1) {
      const value = from[i] as number
      if (value <= 0 || this.#random() >= keep) continue
      to.ids.view[count] = i
      to.values.view[count] = value / keep
      count += 1
    }
    to.ids.view[count] = length
    to.values.view[count] = 1
    to.count = count + 1
  }

  #forward(layer: Layer, from: Sparse): void {
    const { kernels } = this.#arena
    kernels.gatherRows(from.ids.at, from.values.at, from.count * 4, layer.weights.at, layer.rowBytes, layer.out.at)
  }

  /** Adds to the layer's gradient, and writes the slope of what the layer was given. */
  #backward(layer: Layer, from: Sparse, slope: Floats): void {
    const { kernels } = this.#arena
    const { ids, values, count } = from
    kernels.addToRows(ids.at, values.at, count * 4, layer.gradient.at, layer.rowBytes, layer.slope.at)
    kernels.dotRows(ids.at, (count - 1) * 4, layer.weights.at, layer.rowBytes, layer.slope.at, this.#dots.at)
    slope.view.fill(0)
    const keep = 1 - this.#settings.hiddenDropout
    for (let k = 0; k < count - 1; k += 1) slope.view[ids.view[k] as number] = (this.#dots.view[k] as number) / keep
  }

  #updateEmbeddings(): void {
    const { ids, values, count } = this.#bag
    const slope = this.#sumSlope.view
    const { embeddingRate } = this.#settings
    let square = 0
    for (let i = 0; i < slope.length; i += 1) {
      const one = slope[i] as number
      square += one * one
      const own = (this.#biasSquares[i] as number) + one * one
      this.#biasSquares[i] = own
      this.#bias[i] = (this.#bias[i] as number) - (embeddingRate * one) / (Math.sqrt(own) + 1e-6)
    }
    const mean = square / slope.length
    for (let k = 0; k < count; k += 1) {
      const id = ids.view[k] as number
      const value = values.view[k] as number
      const own = (this.#squares[id] as number) + value * value * mean
      this.#squares[id] = own
      values.view[k] = (-embeddingRate * value) / (Math.sqrt(own) + 1e-6)
    }
    const { width } = this.#settings
    this.#arena.kernels.addToRows(ids.at, values.at, count * 4, this.#embeddings.at, width * 4, this.#sumSlope.at)
  }

  #learnRow(rows: SparseRows, row: number, label: number): void {
    const { width, hidden, smoothing } = this.#settings
    this.#drop(rows, row)
    const bag = this.#bag
    const { kernels } = this.#arena
    kernels.gatherRows(bag.ids.at, bag.values.at, bag.count * 4, this.#embeddings.at, width * 4, this.#sum.at)
    const sum = this.#sum.view
    for (let i = 0; i < width; i += 1) sum[i] = (sum[i] as number) + (this.#bias[i] as number)
    this.#activate(sum, width, this.#low)
    this.#forward(this.#hidden, this.#low)
    this.#activate(this.#hidden.out.view, hidden, this.#high)
    this.#forward(this.#labels, this.#high)
    writeLossSlope(this.#labels, this.#labelCount, label, smoothing)
    this.#backward(this.#labels, this.#high, this.#hidden.slope)
    this.#backward(this.#hidden, this.#low, this.#sumSlope)
    this.#updateEmbeddings()
  }

  learn({ rows, labels }: LabelledRows): void {
    const { epochs, batch, denseRate } = this.#settings
    const order = Int32Array.from(labels, (_, row) => row)
    const steps = epochs * Math.ceil(order.length / batch)
    for (let epoch = 0; epoch < epochs; epoch += 1) {
      shuffle(order, this.#random)
      for (let start = 0; start < order.length; start += batch) {
        const end = Math.min(order.length, start + batch)
        for (let i = start; i < end; i += 1)
          this.#learnRow(rows, order[i] as number, labels[order[i] as number] as number)
        this.#time += 1
        const rate = denseRate * (1 - this.#time / (steps + 1))
        this.#hidden.step(rate, this.#time, 1 / (end - start))
        this.#labels.step(rate, this.#time, 1 / (end - start))
      }
    }
  }

  weights(): BagWeights {
    const [hiddenWeights, hiddenBias] = this.#hidden.trim(this.#settings.hidden)
    const [labelWeights, labelBias] = this.#labels.trim(this.#labelCount)
    const [embeddings, bias] = [this.#embeddings.view, this.#bias]
    return { embeddings, bias, hiddenWeights, hiddenBias, labelWeights, labelBias }
  }
}

/**
 * Trains a bag of embeddings under two ReLU layers and softmax, with dropout on features and layers and label smoothing.
 * Embeddings learn a row at a time by AdaGrad with one rate a row; the layers by Adam, a batch at a time.
 */
export function trainBag(data: LabelledRows, featureCount: number, settings: BagSettings): BagWeights {
  const { starts } = data.rows
  let longest = 1
  for (let row = 0; row + 1 < starts.length; row += 1)
    longest = Math.max(longest, (starts[row + 1] as number) - (starts[row] as number))
  const trainer = new BagTrainer(settings, featureCount, data.labelCount, longest)
  trainer.learn(data)
  return trainer.weights()
}
