import { describe, expect, test } from 'vitest'
import { createRandom } from '../random.ts'
import { certaintyOf, fitCertainty, plainCertainty } from './certainty.ts'
import { chanceOf, fitNear } from './fit-near.ts'

describe('logistic regression held to a belief', () => {
  const belief = { weights: Float64Array.of(1, -0.5), pulls: Float64Array.of(5, 5) }

  test('is the belief without rows', () => {
    expect([...fitNear({ signs: new Float64Array(0), isTrue: new Uint8Array(0) }, belief)]).toEqual([1, -0.5])
  })

  test('finds what drew many rows, and moves little for few', () => {
    const random = createRandom(3)
    const truth = Float64Array.of(2, 1)
    const draw = (count: number) => {
      const signs = Float64Array.from({ length: count * 2 }, (_, i) => (i % 2 === 0 ? random() * 4 - 2 : 1))
      return {
        signs,
        isTrue: Uint8Array.from({ length: count }, (_, row) => (random() < chanceOf(signs, truth, row * 2) ? 1 : 0)),
      }
    }
    const many = fitNear(draw(20_000), belief)
    expect(many[0]).toBeCloseTo(2, 0)
    expect(many[1]).toBeCloseTo(1, 0)
    const few = fitNear(draw(4), belief)
    expect(Math.abs((few[0] as number) - 1)).toBeLessThan(0.3)
  })
})

describe('certainty', () => {
  const chances = Array.from({ length: 4000 }, (_, i) => 0.5 + (i % 50) / 100)

  test('takes a probability as it is until rows say otherwise', () => {
    expect(certaintyOf(0.7, fitCertainty([], new Uint8Array(0)))).toBeCloseTo(0.7, 4)
  })

  test('learns how often a sure model is right', () => {
    const random = createRandom(5)
    const isRight = Uint8Array.from(chances, (chance) => (random() < chance - 0.1 ? 1 : 0))
    const learnt = fitCertainty(chances, isRight)
    for (const chance of [0.6, 0.75, 0.9])
      expect(Math.abs(certaintyOf(chance, learnt) - (chance - 0.1))).toBeLessThan(0.03)
  })

  test('never makes a likelier intent less certain', () => {
    const isRight = Uint8Array.from(chances, (chance) => (chance < 0.7 ? 1 : 0))
    expect(fitCertainty(chances, isRight)).toBe(plainCertainty)
  })
})
