import { expect, test } from 'vitest'
import type { RunBody } from '../../../../src/sync/api.ts'
import { runProgress } from './run-progress.ts'

test('what has ended in whatever way is done, what is being read is not', () => {
  const states = ['waiting', 'reading', 'merging', 'finished', 'suspicious', 'failed', 'cancelled']
  const run = { entities: states.map((state, i) => ({ state, read: i })) } as unknown as RunBody
  expect(runProgress(run)).toEqual({ done: 4, total: 7, read: 21 })
})
