import { expect, test } from 'vitest'
import type { CopyEntityState } from '../copy/copy.ts'
import { findWork } from './find-work.ts'
import { isSuspicious } from './is-suspicious.ts'
import type { SyncRun } from './sync-run.ts'

const schedule = { cron: '0 2 * * *', timeZone: 'Asia/Seoul' }
const filled = (entity: string): CopyEntityState => ({ entity, isFilled: true, records: 1 })
const run = (finishedAt: string) => ({ finishedAt }) as SyncRun

function find(options: {
  states?: CopyEntityState[]
  last?: string
  failures?: Record<string, { at: string; state: string }>
}) {
  return findWork({
    copy: { state: async () => options.states ?? [filled('sales'), filled('item')] },
    runs: {
      findLastWhole: async () => (options.last === undefined ? undefined : run(options.last)),
      listFailures: async () => new Map(Object.entries(options.failures ?? {})),
    },
    entities: ['item', 'sales'],
    schedule,
    restMs: 300_000,
    now: () => new Date('2026-11-28T17:10:00Z'),
  })
}

test('nothing to do', async () => {
  expect(await find({ last: '2026-11-28T17:05:00Z' })).toBeUndefined()
})

test('an empty copy is filled at once', async () => {
  expect(await find({ states: [] })).toEqual({
    trigger: 'needed',
    entities: ['item', 'sales'],
    isForced: false,
    isWhole: true,
  })
})

test('what is not trusted or has another shape is synced at once, and only that', async () => {
  const distrusted = { ...filled('sales'), distrusted: { at: '2026-11-28T17:06:00Z', reason: 'slot lost' } }
  const found = await find({ last: '2026-11-28T17:05:00Z', states: [distrusted, filled('item')] })
  expect(found).toMatchObject({ trigger: 'needed', entities: ['sales'], isWhole: false })
  const shaped = { ...filled('item'), isFilled: false }
  const other = await find({ last: '2026-11-28T17:05:00Z', states: [shaped, filled('sales')] })
  expect(other).toMatchObject({ entities: ['item'] })
})

test('the schedule takes everything', async () => {
  expect(await find({ last: '2026-11-28T16:00:00Z' })).toMatchObject({ trigger: 'schedule', isWhole: true })
})

test('what failed rests for a while, what looked suspicious until someone asks', async () => {
  const states = [filled('item')]
  const last = '2026-11-28T17:05:00Z'
  const failed = (at: string, state = 'failed') => find({ states, last, failures: { sales: { at, state } } })
  expect(await failed('2026-11-28T17:06:00Z')).toBeUndefined()
  expect(await failed('2026-11-28T17:04:00Z')).toMatchObject({ entities: ['sales'] })
  expect(await failed('2026-11-27T17:04:00Z', 'suspicious')).toBeUndefined()
})

test.each([
  [0, 0, false],
  [0, 9, false],
  [10, 0, true],
  [1, 0, true],
  [10, 4, true],
  [10, 5, false],
  [10, 50, false],
])('of %i records %i are left: suspicious %s', (before, read, suspicious) => {
  expect(isSuspicious({ before, read, mostGone: 0.5 })).toBe(suspicious)
})
