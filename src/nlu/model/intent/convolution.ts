import type { Arena, Floats, Integers } from '../kernels/arena.ts'

/** The taps of filters one, two and three words wide: their place beside the word they are for. */
export const taps = [0, 0, 1, -1, 0, 1] as const
const firstTapOf = [0, 1, 3, 6] as const

/** The longest text read word by word; the words after it are left to the other members. */
export const mostWords = 40

export type ConvolutionSize = {
  /** The length of a word's vector. A multiple of 32. */
  readonly width: number
  /** Filters of each of the three widths. */
  readonly filters: number
}

/**
 * Filters over the words of a text, each kept at its best place (Kim 2014). `weights` holds a row of `width` numbers for each
 * tap and filter: row `tap * filters + filter`.
 */
export class Convolution {
  readonly width: number
  readonly filters: number
  readonly weights: Floats
  readonly bias: Float32Array
  /** The words' vectors, `width` numbers each. */
  readonly words: Floats
  /** The best sum of each of the 3 · filters, with its bias, and the word it is at. */
  readonly best: Float32Array
  readonly bestAt: Int32Array
  readonly #rows: Integers
  readonly #products: Floats
  readonly #arena: Arena

  constructor(arena: Arena, { width, filters }: ConvolutionSize) {
    this.width = width
    this.filters = filters
    this.#arena = arena
    this.weights = arena.floats(taps.length * filters * width)
    this.words = arena.floats(mostWords * width)
    this.#rows = arena.integers(taps.length * filters)
    this.#rows.view.forEach((_, i) => {
      this.#rows.view[i] = i
    })
    this.#products = arena.floats((mostWords + 2) * taps.length * filters)
    this.bias = new Float32Array(3 * filters)
    this.best = new Float32Array(3 * filters)
    this.bestAt = new Int32Array(3 * filters)
  }

  /** How many bytes of an arena it takes. */
  static bytes({ width, filters }: ConvolutionSize): number {
    return 4 * (taps.length * filters * (width + 3 + mostWords) + mostWords * width + 64)
  }

  /** Reads the first `count` of `words` into `best` and `bestAt`. */
  read(count: number): void {
    const { width, best, bias } = this
    const rows = this.#rows.view.length
    const { dotRows } = this.#arena.kernels
    for (let word = 0; word < count; word += 1) {
      const at = this.words.at + word * width * 4
      dotRows(this.#rows.at, rows * 4, this.weights.at, width * 4, at, this.#products.at + (word + 1) * rows * 4)
    }
    // Beside the text there is nothing: words of zeros, so that no filter has to look whether its neighbours exist.
    this.#products.view.fill(0, (count + 1) * rows, (count + 2) * rows)
    best.fill(count === 0 ? 0 : Number.NEGATIVE_INFINITY)
    for (let word = 0; word < count; word += 1) this.#pool(word)
    if (count > 0) for (let i = 0; i < best.length; i += 1) best[i] = (best[i] as number) + (bias[i] as number)
  }

  #pool(word: number): void {
    const { filters, best, bestAt } = this
    const products = this.#products.view
    const rows = taps.length * filters
    const here = (word + 1) * rows
    const [left, right] = [here - rows, here + rows]
    for (let i = 0; i < filters; i += 1) {
      const one = products[here + i] as number
      if (one > (best[i] as number)) {
        best[i] = one
        bestAt[i] = word
      }
      const two = (products[here + filters + i] as number) + (products[right + 2 * filters + i] as number)
      const second = filters + i
      if (two > (best[second] as number)) {
        best[second] = two
        bestAt[second] = word
      }
      const three =
        (products[left + 3 * filters + i] as number) +
        (products[here + 4 * filters + i] as number) +
        (products[right + 5 * filters + i] as number)
      const third = 2 * filters + i
      if (three > (best[third] as number)) {
        best[third] = three
        bestAt[third] = word
      }
    }
  }

  /** The taps of a filter that lie inside the text, as `visit(row of weights, word)`. */
  eachTap(filter: number, count: number, visit: (row: number, word: number) => void): void {
    const span = Math.floor(filter / this.filters)
    const word = this.bestAt[filter] as number
    for (let tap = firstTapOf[span] as number; tap < (firstTapOf[span + 1] as number); tap += 1) {
      const other = word + (taps[tap] as number)
      if (other >= 0 && other < count) visit(tap * this.filters + (filter % this.filters), other)
    }
  }
}
