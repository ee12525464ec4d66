import { expect, test } from 'vitest'
import { createRandom } from '../random.ts'
import { type Scorer, trainChain } from './chain-trainer.ts'
import { createHiddenScorer } from './hidden-scorer.ts'
import { createLinearScorer } from './linear-scorer.ts'
import type { Lesson, Pairs } from './prepare-examples.ts'
import { labelCount } from './slot-labels.ts'

const labels = labelCount(1)
const word = (features: number[], isSlot: boolean): Lesson => ({
  features: Int32Array.from(features),
  starts: Int32Array.from([0, features.length]),
  labels: Uint16Array.from([isSlot ? 4 : 0]),
})
// Feature 0 is everywhere; 1 and 2 make a slot each, but not together: no sum of weights can say so.
const lessons = [word([0], false), word([0, 1], true), word([0, 2], true), word([0, 1, 2], false)]
const allPairs: Pairs = {
  starts: Int32Array.from([0, labels, 2 * labels, 3 * labels]),
  labels: Uint16Array.from({ length: 3 * labels }, (_, p) => p % labels),
}

function countRight(scorer: Scorer): number {
  const steps = trainChain(lessons, scorer, { slots: 1, seed: 1, epochs: 120, rate: 0.3, dropout: 0 })
  const out = new Float64Array(labels)
  return lessons.filter((lesson) => {
    scorer.score(lesson, Uint8Array.of(1, 1, 1), out)
    const isSlot = (out[4] as number) + (steps.between[5] as number) > (out[0] as number) + (steps.between[4] as number)
    return isSlot === (lesson.labels[0] === 4)
  }).length
}

test('a hidden layer learns what a linear scorer cannot', () => {
  expect(countRight(createLinearScorer(allPairs, labels, 0.3))).toBeLessThan(4)
  expect(countRight(createHiddenScorer(3, labels, createRandom(1)))).toBe(4)
})

test('a feature that is left out neither scores nor learns', () => {
  const scorer = createLinearScorer(allPairs, labels, 0.3)
  const out = new Float64Array(labels)
  scorer.score(word([1, 2], true), Uint8Array.of(0, 1), out)
  scorer.learn(word([1, 2], true), Uint8Array.of(0, 1), Float64Array.of(0.5, 0, 0, 0, -0.5))
  expect(scorer.weights.subarray(labels, 2 * labels).every((weight) => weight === 0)).toBe(true)
  scorer.score(word([1, 2], true), Uint8Array.of(1, 1), out)
  expect(out[4]).toBeGreaterThan(0)
  expect(out[0]).toBe(-(out[4] as number))
})

test('steps learn how long spans are when words say nothing', () => {
  const three: Lesson = {
    features: Int32Array.of(0, 0, 0, 0),
    starts: Int32Array.of(0, 1, 2, 3, 4),
    labels: Uint16Array.of(1, 2, 3, 0),
  }
  const scorer = createLinearScorer(allPairs, labels, 0.3)
  const { within, between } = trainChain([three], scorer, { slots: 1, seed: 1, epochs: 30, rate: 0.3, dropout: 0 })
  const [beginInside, beginEnd, insideInside, insideEnd] = within as unknown as [number, number, number, number]
  expect(beginInside).toBeGreaterThan(beginEnd)
  expect(insideEnd).toBeGreaterThan(insideInside)
  expect(between[5]).toBeGreaterThan(between[4] as number)
  expect(between[2]).toBeGreaterThan(between[3] as number)
})
