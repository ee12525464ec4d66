import { expect, test } from 'vitest'
import { createRandom } from '../model/random.ts'
import { slip } from './slips.ts'

test('slips keep slots whole, change little, and come again the same', () => {
  const text = '{time} 매출을 얼마나 올렸어'
  const slipped = (seed: number) => slip(text, createRandom(seed))
  const all = Array.from({ length: 50 }, (_, seed) => slipped(seed))
  expect(all).toEqual(Array.from({ length: 50 }, (_, seed) => slipped(seed)))
  expect(new Set(all).size).toBeGreaterThan(8)
  for (const one of all) {
    expect(one).toContain('{time}')
    expect(Math.abs(one.length - text.length)).toBeLessThanOrEqual(4)
  }
})
