import { expect, test } from 'vitest'
import { barsFit, textWidth } from './bars-fit.ts'

test('Hangul is wider than Latin', () => {
  expect(textWidth('매출')).toBeGreaterThan(textWidth('ab'))
})

test('upright bars need room for names, and for each series’ numbers side by side', () => {
  expect(barsFit(680, { points: 5, series: 1 }, { name: 72, number: 46 })).toBe(true)
  expect(barsFit(680, { points: 8, series: 2 }, { name: 48, number: 46 })).toBe(false)
  expect(barsFit(300, { points: 5, series: 1 }, { name: 72, number: 46 })).toBe(false)
})
