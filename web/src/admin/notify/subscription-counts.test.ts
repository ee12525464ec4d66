import { expect, test } from 'vitest'
import { countByKind } from './subscription-counts.ts'

test('a kind is one line, reports first', () => {
  const counts = [
    { kind: 'alert', state: 'active', count: 3, failed: 1 },
    { kind: 'report', state: 'active', count: 5, failed: 0 },
    { kind: 'report', state: 'paused', count: 2, failed: 2 },
  ] as const
  expect(countByKind(counts)).toEqual([
    { kind: 'report', active: 5, paused: 2, lastFailed: 2 },
    { kind: 'alert', active: 3, paused: 0, lastFailed: 1 },
  ])
  expect(countByKind([])).toEqual([])
})
