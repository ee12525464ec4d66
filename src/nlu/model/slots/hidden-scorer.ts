import type { Random } from '../random.ts'
import type { Scorer } from './chain-trainer.ts'
import type { Lesson } from './prepare-examples.ts'

/** Numbers a feature is embedded as. */
export const hiddenWidth = 32

const rate = 0.1
const softening = 0.01
const least = 1e-3
const spread = 0.1

/** Scores labels by one hidden layer: `outputs · max(0, Σ embeddings)`. Embeddings are `[feature × 32]`, outputs `[32 × label]`. */
export type HiddenScorer = Scorer & { readonly embeddings: Float32Array; readonly outputs: Float32Array }

/** Adds what one token's hidden numbers say of each label to `scores`. Numbers that are not above 0 say nothing. */
export function addOutputs(outputs: Float32Array, hidden: ArrayLike<number>, scores: Float64Array): void {
  const labels = scores.length
  for (let d = 0, row = 0; d < hidden.length; d += 1, row += labels) {
    const value = hidden[d] as number
    if (value <= 0) continue
    for (let l = 0; l < labels; l += 1) scores[l] = (scores[l] as number) + value * (outputs[row + l] as number)
  }
}

/** A hidden scorer that learns by AdaGrad, from small random numbers. One square is kept for each feature's whole embedding. */
export function createHiddenScorer(features: number, labels: number, random: Random): HiddenScorer {
  const width = hiddenWidth
  const draw = () => (random() * 2 - 1) * spread
  const embeddings = new Float32Array(features * width).map(draw)
  const outputs = new Float32Array(labels * width).map(draw)
  const squares = new Float32Array(features)
  const outputSquares = new Float32Array(labels * width)
  const slope = new Float64Array(width)
  let hidden = new Float64Array(0)

  function sumEmbeddings(lesson: Lesson, kept: Uint8Array, t: number): void {
    const h = t * width
    for (let i = lesson.starts[t] as number; i < (lesson.starts[t + 1] as number); i += 1) {
      if (kept[i] === 0) continue
      const e = (lesson.features[i] as number) * width
      for (let d = 0; d < width; d += 1) hidden[h + d] = (hidden[h + d] as number) + (embeddings[e + d] as number)
    }
    for (let d = h; d < h + width; d += 1) if ((hidden[d] as number) < 0) hidden[d] = 0
  }

  function score(lesson: Lesson, kept: Uint8Array, out: Float64Array): void {
    const length = lesson.labels.length
    if (hidden.length < length * width) hidden = new Float64Array(length * width * 2)
    hidden.fill(0, 0, length * width)
    out.fill(0, 0, length * labels)
    for (let t = 0; t < length; t += 1) {
      sumEmbeddings(lesson, kept, t)
      addOutputs(outputs, hidden.subarray(t * width, (t + 1) * width), out.subarray(t * labels, (t + 1) * labels))
    }
  }

  /** Moves the outputs of one token; leaves the slope of its hidden layer in `slope`. */
  function learnOutputs(t: number, slopes: Float64Array): boolean {
    slope.fill(0)
    let isMoved = false
    for (let l = 0; l < labels; l += 1) {
      const g = slopes[t * labels + l] as number
      if (g < least && g > -least) continue
      isMoved = true
      for (let d = 0, o = l; d < width; d += 1, o += labels) {
        const value = hidden[t * width + d] as number
        if (value === 0) continue
        slope[d] = (slope[d] as number) + g * (outputs[o] as number)
        const square = (outputSquares[o] as number) + g * g * value * value
        outputSquares[o] = square
        outputs[o] = (outputs[o] as number) - (rate * g * value) / Math.sqrt(square + softening)
      }
    }
    return isMoved
  }

  function learn(lesson: Lesson, kept: Uint8Array, slopes: Float64Array): void {
    for (let t = 0; t < lesson.labels.length; t += 1) {
      if (!learnOutputs(t, slopes)) continue
      const square = slope.reduce((sum, one) => sum + one * one, 0) / width
      for (let i = lesson.starts[t] as number; i < (lesson.starts[t + 1] as number); i += 1) {
        if (kept[i] === 0) continue
        const f = lesson.features[i] as number
        squares[f] = (squares[f] as number) + square
        const step = rate / Math.sqrt((squares[f] as number) + softening)
        for (let d = 0, e = f * width; d < width; d += 1)
          embeddings[e + d] = (embeddings[e + d] as number) - step * (slope[d] as number)
      }
    }
  }

  return { embeddings, outputs, score, learn }
}
