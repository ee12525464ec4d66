import type { Arena, Floats, Integers } from '../kernels/arena.ts'
import { padded } from '../kernels/arena.ts'
import type { Random } from '../random.ts'

const [keepMean, keepSquare] = [0.9, 0.999]

/** A dense layer in the kernels' memory, with Adam's state; the last row is the bias. */
export class Layer {
  readonly inputs: number
  readonly rowBytes: number
  readonly weights: Floats
  readonly gradient: Floats
  readonly out: Floats
  readonly slope: Floats
  readonly #means: Floats
  readonly #squares: Floats
  readonly #arena: Arena

  constructor(arena: Arena, inputs: number, outputs: number, random: Random) {
    const width = padded(outputs)
    const length = (inputs + 1) * width
    this.inputs = inputs
    this.rowBytes = width * 4
    this.weights = arena.floats(length)
    this.gradient = arena.floats(length)
    this.#means = arena.floats(length)
    this.#squares = arena.floats(length)
    this.out = arena.floats(width)
    this.slope = arena.floats(width)
    this.#arena = arena
    const range = Math.sqrt(6 / (inputs + outputs))
    for (let input = 0; input < inputs; input += 1)
      for (let i = 0; i < outputs; i += 1) this.weights.view[input * width + i] = (random() * 2 - 1) * range
  }

  step(rate: number, time: number, scale: number): void {
    const state = { weights: this.weights, gradient: this.gradient, means: this.#means, squares: this.#squares }
    stepAdamOn(this.#arena, state, { rate, time, scale })
  }

  /** The weights of the first `outputs` outputs without padding, and their bias. */
  trim(outputs: number): readonly [Float32Array, Float32Array] {
    const made = new Float32Array((this.inputs + 1) * outputs)
    for (let row = 0; row <= this.inputs; row += 1) {
      const start = (row * this.rowBytes) / 4
      made.set(this.weights.view.subarray(start, start + outputs), row * outputs)
    }
    return [made.slice(0, this.inputs * outputs), made.slice(this.inputs * outputs)]
  }
}

type AdamState = { weights: Floats; gradient: Floats; means: Floats; squares: Floats }

/** Moves weights against their gradient, times `scale`, and clears it (Kingma and Ba 2015); `time` counts from 1. */
export function stepAdamOn(
  { kernels }: Arena,
  { weights, gradient, means, squares }: AdamState,
  { rate, time, scale }: { rate: number; time: number; scale: number },
): void {
  const corrected = (rate * Math.sqrt(1 - keepSquare ** time)) / (1 - keepMean ** time)
  const bytes = weights.view.length * 4
  const [keep, square] = [keepMean, keepSquare]
  kernels.stepAdam(weights.at, gradient.at, means.at, squares.at, bytes, corrected, keep, square, scale)
}

/** A few of a vector's places and what is there: what is left of a layer after ReLU and dropout. */
export type Sparse = { ids: Integers; values: Floats; count: number }

export const sparse = (arena: Arena, length: number): Sparse => ({
  ids: arena.integers(length),
  values: arena.floats(length),
  count: 0,
})

/**
 * Writes the slope of the cross-entropy of a softmax over the layer's first `count` outputs into its `slope`: the true label
 * has 1 - smoothing, and all share `smoothing`.
 */
export function writeLossSlope(layer: Layer, count: number, label: number, smoothing: number): void {
  const out = layer.out.view
  const slope = layer.slope.view
  let highest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < count; i += 1) highest = Math.max(highest, out[i] as number)
  let total = 0
  for (let i = 0; i < count; i += 1) {
    const power = Math.exp((out[i] as number) - highest)
    slope[i] = power
    total += power
  }
  for (let i = 0; i < count; i += 1) slope[i] = (slope[i] as number) / total - smoothing / count
  slope[label] = (slope[label] as number) - (1 - smoothing)
}
