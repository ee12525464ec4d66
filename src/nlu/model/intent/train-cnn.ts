import { Arena, type Floats, padded } from '../kernels/arena.ts'
import { createRandom, type Random, shuffle } from '../random.ts'
import { Convolution, type ConvolutionSize, mostWords, taps } from './convolution.ts'
import { Layer, type Sparse, sparse, stepAdamOn, writeLossSlope } from './layer.ts'

export type CnnSettings = ConvolutionSize & {
  readonly epochs: number
  readonly batch: number
  readonly featureDropout: number
  readonly hiddenDropout: number
  readonly smoothing: number
  readonly embeddingRate: number
  readonly denseRate: number
  readonly seed: number
}

/** Texts as the features of their words, and the label of each text. */
export type LabelledWords = {
  readonly words: readonly (readonly Int32Array[])[]
  readonly labels: Int32Array
  readonly labelCount: number
}

export type CnnWeights = {
  readonly embeddings: Float32Array
  readonly filterWeights: Float32Array
  readonly filterBias: Float32Array
  readonly labelWeights: Float32Array
  readonly labelBias: Float32Array
}

const firstRange = 0.05

/** What is left of a word's features after dropout, where it lies in the shared list. */
type Kept = { start: number; count: number }

class CnnTrainer {
  readonly #settings: CnnSettings
  readonly #arena: Arena
  readonly #random: Random
  readonly #embeddings: Floats
  readonly #squares: Float32Array
  readonly #convolution: Convolution
  readonly #filterGradient: Floats
  readonly #filterMeans: Floats
  readonly #filterSquares: Floats
  readonly #biasSquares: Float32Array
  readonly #wordSlope: Floats
  readonly #bag: Sparse
  readonly #kept: Kept[] = Array.from({ length: mostWords }, () => ({ start: 0, count: 0 }))
  readonly #taps: Sparse
  readonly #firstTap = new Int32Array(mostWords)
  readonly #nextTap: Int32Array
  readonly #tapRow: Int32Array
  readonly #tapFilter: Int32Array
  readonly #pooled: Sparse
  readonly #dots: Floats
  readonly #pooledSlope: Float32Array
  readonly #labels: Layer
  readonly #labelCount: number
  #time = 0

  constructor(settings: CnnSettings, featureCount: number, labelCount: number, longest: number) {
    const { width, filters } = settings
    const tapCells = taps.length * filters * width
    const cells = featureCount * width + 5 * tapCells + 4 * (3 * filters + 3) * (padded(labelCount) + 32) + 4 * longest
    const arena = new Arena(4 * cells + Convolution.bytes(settings) + 65_536)
    this.#settings = settings
    this.#arena = arena
    this.#labelCount = labelCount
    const random = createRandom(settings.seed)
    this.#random = random
    this.#embeddings = arena.floats(featureCount * width)
    this.#embeddings.view.forEach((_, i, view) => {
      view[i] = (random() * 2 - 1) * firstRange
    })
    this.#squares = new Float32Array(featureCount)
    this.#convolution = new Convolution(arena, settings)
    const range = Math.sqrt(6 / (width + filters))
    this.#convolution.weights.view.forEach((_, i, view) => {
      view[i] = (random() * 2 - 1) * range
    })
    this.#filterGradient = arena.floats(tapCells)
    this.#filterMeans = arena.floats(tapCells)
    this.#filterSquares = arena.floats(tapCells)
    this.#biasSquares = new Float32Array(3 * filters)
    this.#wordSlope = arena.floats(width)
    this.#bag = sparse(arena, longest)
    this.#taps = sparse(arena, taps.length * filters)
    this.#nextTap = new Int32Array(taps.length * filters)
    this.#tapRow = new Int32Array(taps.length * filters)
    this.#tapFilter = new Int32Array(taps.length * filters)
    this.#pooled = sparse(arena, 3 * filters + 1)
    this.#dots = arena.floats(3 * filters + 1)
    this.#pooledSlope = new Float32Array(3 * filters)
    this.#labels = new Layer(arena, 3 * filters, labelCount, random)
  }

  /** Adds up each word's features, some of them dropped. */
  #embed(words: readonly Int32Array[]): void {
    const { width, featureDropout } = this.#settings
    const { ids, values } = this.#bag
    let end = 0
    for (const [word, features] of words.entries()) {
      const kept = this.#kept[word] as Kept
      kept.start = end
      for (const id of features) {
        if (this.#random() < featureDropout) continue
        ids.view[end] = id
        end += 1
      }
      kept.count = end - kept.start
      const weight = 1 / Math.sqrt(Math.max(1, features.length) * (1 - featureDropout))
      values.view.fill(weight, kept.start, end)
      const at = kept.start * 4
      const out = this.#convolution.words.at + word * width * 4
      this.#arena.kernels.gatherRows(ids.at + at, values.at + at, kept.count * 4, this.#embeddings.at, width * 4, out)
    }
  }

  #activate(): void {
    const keep = 1 - this.#settings.hiddenDropout
    const { best } = this.#convolution
    const pooled = this.#pooled
    let count = 0
    for (let i = 0; i < best.length; i += 1) {
      const value = best[i] as number
      if (value <= 0 || this.#random() >= keep) continue
      pooled.ids.view[count] = i
      pooled.values.view[count] = value / keep
      count += 1
    }
    pooled.ids.view[count] = best.length
    pooled.values.view[count] = 1
    pooled.count = count + 1
  }

  #learnRow(words: readonly Int32Array[], label: number): void {
    this.#embed(words)
    this.#convolution.read(words.length)
    this.#activate()
    const { ids, values, count } = this.#pooled
    const layer = this.#labels
    const { gatherRows, addToRows, dotRows } = this.#arena.kernels
    gatherRows(ids.at, values.at, count * 4, layer.weights.at, layer.rowBytes, layer.out.at)
    writeLossSlope(layer, this.#labelCount, label, this.#settings.smoothing)
    addToRows(ids.at, values.at, count * 4, layer.gradient.at, layer.rowBytes, layer.slope.at)
    dotRows(ids.at, (count - 1) * 4, layer.weights.at, layer.rowBytes, layer.slope.at, this.#dots.at)
    const keep = 1 - this.#settings.hiddenDropout
    for (let k = 0; k < count - 1; k += 1)
      this.#pooledSlope[ids.view[k] as number] = (this.#dots.view[k] as number) / keep
    this.#chainTaps(words.length)
    for (let word = 0; word < words.length; word += 1) this.#learnWord(word)
    this.#learnBias()
    for (let k = 0; k < count - 1; k += 1) this.#pooledSlope[ids.view[k] as number] = 0
  }

  /** Sorts the taps of the filters in use by the word they are at: a chain of taps for each word. */
  #chainTaps(count: number): void {
    this.#firstTap.fill(-1, 0, count)
    let found = 0
    for (let k = 0; k < this.#pooled.count - 1; k += 1) {
      const filter = this.#pooled.ids.view[k] as number
      this.#convolution.eachTap(filter, count, (row, word) => {
        this.#tapRow[found] = row
        this.#tapFilter[found] = filter
        this.#nextTap[found] = this.#firstTap[word] as number
        this.#firstTap[word] = found
        found += 1
      })
    }
  }

  /** Passes the slope of the filters that took this word to their weights and to the word's features. */
  #learnWord(word: number): void {
    const { width } = this.#settings
    const chosen = this.#taps
    let found = 0
    for (let tap = this.#firstTap[word] as number; tap >= 0; tap = this.#nextTap[tap] as number) {
      chosen.ids.view[found] = this.#tapRow[tap] as number
      chosen.values.view[found] = this.#pooledSlope[this.#tapFilter[tap] as number] as number
      found += 1
    }
    if (found === 0) return
    const { ids, values } = chosen
    const { gatherRows, addToRows } = this.#arena.kernels
    const vector = this.#convolution.words.at + word * width * 4
    addToRows(ids.at, values.at, found * 4, this.#filterGradient.at, width * 4, vector)
    gatherRows(ids.at, values.at, found * 4, this.#convolution.weights.at, width * 4, this.#wordSlope.at)
    this.#learnFeatures(this.#kept[word] as Kept)
  }

  #learnFeatures({ start, count }: Kept): void {
    const { embeddingRate, width } = this.#settings
    const { ids, values } = this.#bag
    let square = 0
    for (const one of this.#wordSlope.view) square += one * one
    const mean = square / width
    for (let k = start; k < start + count; k += 1) {
      const id = ids.view[k] as number
      const value = values.view[k] as number
      const own = (this.#squares[id] as number) + value * value * mean
      this.#squares[id] = own
      values.view[k] = (-embeddingRate * value) / (Math.sqrt(own) + 1e-6)
    }
    const at = start * 4
    const { addToRows } = this.#arena.kernels
    addToRows(ids.at + at, values.at + at, count * 4, this.#embeddings.at, width * 4, this.#wordSlope.at)
  }

  #learnBias(): void {
    const { ids, count } = this.#pooled
    const { bias } = this.#convolution
    for (let k = 0; k < count - 1; k += 1) {
      const filter = ids.view[k] as number
      const slope = this.#pooledSlope[filter] as number
      const own = (this.#biasSquares[filter] as number) + slope * slope
      this.#biasSquares[filter] = own
      bias[filter] = (bias[filter] as number) - (0.05 * slope) / (Math.sqrt(own) + 1e-6)
    }
  }

  learn({ words, labels }: LabelledWords): void {
    const { epochs, batch, denseRate } = this.#settings
    const order = Int32Array.from(labels, (_, row) => row)
    const steps = epochs * Math.ceil(order.length / batch)
    for (let epoch = 0; epoch < epochs; epoch += 1) {
      shuffle(order, this.#random)
      for (let start = 0; start < order.length; start += batch) {
        const end = Math.min(order.length, start + batch)
        for (let i = start; i < end; i += 1) {
          const row = order[i] as number
          this.#learnRow(words[row] ?? [], labels[row] as number)
        }
        this.#time += 1
        const rate = denseRate * (1 - this.#time / (steps + 1))
        this.#labels.step(rate, this.#time, 1 / (end - start))
        const [means, squares] = [this.#filterMeans, this.#filterSquares]
        const state = { weights: this.#convolution.weights, gradient: this.#filterGradient, means, squares }
        stepAdamOn(this.#arena, state, { rate, time: this.#time, scale: 1 / (end - start) })
      }
    }
  }

  weights(): CnnWeights {
    const [labelWeights, labelBias] = this.#labels.trim(this.#labelCount)
    const { weights, bias } = this.#convolution
    const [embeddings, filterWeights] = [this.#embeddings.view, weights.view]
    return { embeddings, filterWeights, filterBias: bias, labelWeights, labelBias }
  }
}

/**
 * Trains a convolutional network on words (Kim 2014) whose vectors are the sum of their features, word and letters, as in
 * fastText (Bojanowski et al. 2017): unlike a bag, it reads neighbours in order.
 */
export function trainCnn(data: LabelledWords, featureCount: number, settings: CnnSettings): CnnWeights {
  const longest = data.words.reduce(
    (most, words) =>
      Math.max(
        most,
        words.reduce((sum, ids) => sum + ids.length, 0),
      ),
    1,
  )
  const trainer = new CnnTrainer(settings, featureCount, data.labelCount, longest)
  trainer.learn(data)
  return trainer.weights()
}
