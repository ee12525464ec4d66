import { expect, test } from 'vitest'
import { axisTicks, drawable, shortNumber } from './number-axis.ts'

test.each([
  [0, '0'],
  [9500, '9,500'],
  [30_000_000, '3,000만'],
  [75_360_000, '7,536만'],
  [1_234_500_000, '12.3억'],
  [250_000_000, '2.5억'],
  [12_300_000_000, '123억'],
  [1_500_000_000_000, '1.5조'],
  [-250_000_000, '−2.5억'],
  [99_999_999, '1억'],
])('money in Korean: %d is %s', (value, text) => {
  expect(shortNumber(value, 'money', 'ko')).toBe(text)
})

test.each([
  [950, '950'],
  [12_500, '12.5K'],
  [30_000_000, '30M'],
  [1_234_500_000, '1.23B'],
  [-93_600_000, '−93.6M'],
])('money in English: %d is %s', (value, text) => {
  expect(shortNumber(value, 'money', 'en')).toBe(text)
})

test('percent keeps one decimal and its sign', () => {
  expect(shortNumber(12.34, 'percent', 'ko')).toBe('12.3%')
  expect(shortNumber(-3, 'percent', 'en')).toBe('−3%')
})

test('only numbers are drawn', () => {
  expect(drawable('1234.50')).toBe(1234.5)
  expect(drawable(null)).toBeNull()
  expect(drawable('')).toBeNull()
  expect(drawable('한빛전자')).toBeNull()
})

test('an axis has round places from zero, or from below when there are losses', () => {
  expect(axisTicks(121_004_000, 302_450_000, 4)).toEqual([0, 1e8, 2e8, 3e8, 4e8])
  expect(axisTicks(0, 100, 4)).toEqual([0, 25, 50, 75, 100])
  expect(axisTicks(-30, 70, 4)).toEqual([-50, -25, 0, 25, 50, 75])
  expect(axisTicks(0, 0, 4)).toEqual([0])
})
