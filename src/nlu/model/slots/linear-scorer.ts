import type { Scorer } from './chain-trainer.ts'
import type { Lesson, Pairs } from './prepare-examples.ts'

const softening = 0.1
// Slopes below this move no weight by what is kept of it.
const least = 1e-3

/** Scores labels by the sum of weights of feature and label. `weights` are those of `pairs`, filled by learning. */
export type LinearScorer = Scorer & { readonly weights: Float32Array }

/** A linear scorer that learns by AdaGrad (Duchi et al. 2011), at `rate`. */
export function createLinearScorer({ starts, labels: pairLabels }: Pairs, labels: number, rate: number): LinearScorer {
  const weights = new Float32Array(pairLabels.length)
  const squares = new Float32Array(pairLabels.length)

  function score(lesson: Lesson, kept: Uint8Array, out: Float64Array): void {
    out.fill(0, 0, lesson.labels.length * labels)
    for (let t = 0; t < lesson.labels.length; t += 1)
      for (let i = lesson.starts[t] as number; i < (lesson.starts[t + 1] as number); i += 1) {
        if (kept[i] === 0) continue
        const f = lesson.features[i] as number
        for (let p = starts[f] as number; p < (starts[f + 1] as number); p += 1) {
          const at = t * labels + (pairLabels[p] as number)
          out[at] = (out[at] as number) + (weights[p] as number)
        }
      }
  }

  function move(p: number, slope: number): void {
    if (slope < least && slope > -least) return
    const square = (squares[p] as number) + slope * slope
    squares[p] = square
    weights[p] = (weights[p] as number) - (rate * slope) / Math.sqrt(square + softening)
  }

  function learn(lesson: Lesson, kept: Uint8Array, slopes: Float64Array): void {
    for (let t = 0; t < lesson.labels.length; t += 1)
      for (let i = lesson.starts[t] as number; i < (lesson.starts[t + 1] as number); i += 1) {
        if (kept[i] === 0) continue
        const f = lesson.features[i] as number
        for (let p = starts[f] as number; p < (starts[f + 1] as number); p += 1)
          move(p, slopes[t * labels + (pairLabels[p] as number)] as number)
      }
  }

  return { weights, score, learn }
}
