import { expect, test } from 'vitest'
import { formatFigure, judgeDifference } from './figures.ts'

test('figures are read as shares, times and counts', () => {
  expect(formatFigure('golden exact', 0.9661)).toBe('96.6%')
  expect(formatFigure('golden exact', 0.0169, true)).toBe('+1.7 %p')
  expect(formatFigure('latencyMicros p99', 1834)).toBe('1.83 ms')
  expect(formatFigure('heldOut rows', 812)).toBe('812')
  expect(formatFigure('heldOut ece', null)).toBe('–')
})

test('less is better of some figures', () => {
  expect(judgeDifference('golden exact', 0.1)).toBe('better')
  expect(judgeDifference('golden exact', -0.1)).toBe('worse')
  expect(judgeDifference('golden answeredWrongly', 0.1)).toBe('worse')
  expect(judgeDifference('latencyMicros p50', -20)).toBe('better')
  expect(judgeDifference('heldOut rows', 5)).toBe('same')
  expect(judgeDifference('heldOut auroc', null)).toBe('same')
})
