import type { Steps } from './lattice.ts'
import { labelCount } from './slot-labels.ts'

const none = Number.NEGATIVE_INFINITY

/** Finds the best legal path of labels (Viterbi), in buffers that grow and are used again. Not reentrant. */
export class PathFinder {
  private readonly steps: Steps
  private readonly labels: number
  /** How far apart two steps between spans can be: a label that is further behind the best leads nowhere. */
  private readonly range: number
  private readonly best: Float64Array
  private readonly origin: Int32Array
  private scores = new Float64Array(0)
  private from = new Int32Array(0)

  constructor(steps: Steps) {
    this.steps = steps
    this.labels = labelCount(steps.slots)
    this.best = new Float64Array(steps.slots + 1)
    this.origin = new Int32Array(steps.slots + 1)
    const least = steps.between.reduce((a, b) => Math.min(a, b), 0)
    this.range = steps.between.reduce((a, b) => Math.max(a, b), 0) - least
  }

  /** The labels of the best path for emission scores `[token × labels]`. */
  find(emissions: Float64Array, length: number): Uint16Array {
    if (this.scores.length < length * this.labels) {
      this.scores = new Float64Array(length * this.labels * 2)
      this.from = new Int32Array(length * this.labels * 2)
    }
    for (let t = 0; t < length; t += 1) {
      this.open(t)
      this.fillOpenings(emissions, t)
      this.fillWithin(emissions, t)
    }
    const path = new Uint16Array(length)
    let label = this.bestEnd((length - 1) * this.labels)
    for (let t = length - 1; t >= 0; t -= 1) {
      path[t] = label
      label = this.from[t * this.labels + label] as number
    }
    return path
  }

  /** The label that x (0 outside, 1 + s a span of slot s) most likely ended with, at the token whose scores begin at `base`. */
  private endOf(x: number, base: number): number {
    const alone = 4 * x
    return x > 0 && (this.scores[base + alone - 1] as number) > (this.scores[base + alone] as number)
      ? alone - 1
      : alone
  }

  private bestEnd(base: number): number {
    let best = 0
    for (let x = 1; x <= this.steps.slots; x += 1) {
      const end = this.endOf(x, base)
      if ((this.scores[base + end] as number) > (this.scores[base + best] as number)) best = end
    }
    return best
  }

  /** For each opening of token t, its best score before emissions and the label that it comes from. */
  private open(t: number): void {
    const { best, origin, scores } = this
    const { slots, between } = this.steps
    const width = slots + 1
    if (t === 0) {
      best.set(between.subarray(width * width))
      return
    }
    best.fill(none)
    const base = (t - 1) * this.labels
    const enough = (scores[base + this.bestEnd(base)] as number) - this.range
    for (let x = 0; x < width; x += 1) {
      const label = this.endOf(x, base)
      const score = scores[base + label] as number
      if (score < enough) continue
      for (let y = 0, row = x * width; y < width; y += 1) {
        const reached = score + (between[row + y] as number)
        if (reached <= (best[y] as number)) continue
        best[y] = reached
        origin[y] = label
      }
    }
  }

  private fillOpenings(emissions: Float64Array, t: number): void {
    const { best, origin, scores, from } = this
    const base = t * this.labels
    for (let y = 0; y <= this.steps.slots; y += 1) {
      const first = base + (y === 0 ? 0 : 4 * y - 3)
      for (let at = first; at <= base + 4 * y; at += 3) {
        scores[at] = (best[y] as number) + (emissions[at] as number)
        from[at] = origin[y] as number
      }
    }
  }

  private fillWithin(emissions: Float64Array, t: number): void {
    const { scores, from, labels } = this
    const { slots, within } = this.steps
    for (let s = 0; s < slots; s += 1) {
      const first = t * labels + 4 * s + 1
      const begun = t > 0 ? (scores[first - labels] as number) : none
      const gone = t > 0 ? (scores[first - labels + 1] as number) : none
      for (const kind of [0, 1]) {
        const [a, b] = [begun + (within[4 * s + kind] as number), gone + (within[4 * s + kind + 2] as number)]
        const at = first + 1 + kind
        scores[at] = Math.max(a, b) + (emissions[at] as number)
        from[at] = 4 * s + (a >= b ? 1 : 2)
      }
    }
  }
}
