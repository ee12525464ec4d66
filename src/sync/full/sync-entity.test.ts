import { expect, test } from 'vitest'
import type { RecordPage } from '#erp'
import type { Progress } from './run-store.ts'
import { type SyncEntityDeps, syncEntity } from './sync-entity.ts'

const { signal } = new AbortController()
const report = { added: 0, changed: 0, removed: 0, kept: 0, differences: [] }

/** Keys 0…9 in pages of two. */
const pageAfter = (after: string | undefined): RecordPage => {
  const first = after === undefined ? 0 : Number(after) + 1
  const records = [first, first + 1].map((key) => ({ key: String(key), row: {} }))
  return { records, next: first + 2 < 10 ? String(first + 1) : undefined, asOf: '2026-11-28T17:00:00.000Z' }
}

type Options = {
  kept?: Progress
  fill?: { cursor: string | undefined; isRead: boolean }
  before?: number
  stage?: (page: RecordPage) => Promise<void>
  readPage?: (after: string | undefined) => Promise<RecordPage>
}

async function sync({ kept, fill = { cursor: undefined, isRead: false }, before = 0, ...more }: Options) {
  const seen = { asked: [] as (string | undefined)[], staged: [] as string[], progress: [] as Progress[], ended: '' }
  const deps: SyncEntityDeps = {
    records: {
      readPage: async (_, after) => {
        seen.asked.push(after)
        return more.readPage ? await more.readPage(after) : pageAfter(after)
      },
      readKeys: () => Promise.reject(new Error('not asked for')),
      readWhere: () => Promise.reject(new Error('not asked for')),
    },
    copy: {
      beginFill: async () => fill,
      stage: async (_run, _entity, page) => {
        await more.stage?.(page)
        seen.staged.push(...page.records.map(({ key }) => key))
      },
      finishFill: async () => {
        seen.ended = 'merged'
        return report
      },
      abandonFill: async () => {
        seen.ended = 'abandoned'
      },
    },
    runs: {
      beginEntity: async () => kept,
      advance: async (_run, _entity, progress) => {
        seen.progress.push(progress)
        return { isCancelled: false }
      },
      markMerging: async () => undefined,
    },
    pace: { pauseMs: 0, retryWaitsMs: [], mostGone: 0.5 },
  }
  const syncing = syncEntity(deps, { run: 'r1', entity: 'sales', before, isForced: false }, signal)
  const end = await syncing.catch((error: Error) => error.message)
  return { ...seen, end, read: seen.progress.at(-1)?.read }
}

test('reads to the end, one page ahead at most, and merges', async () => {
  const { asked, staged, end, read, ended } = await sync({})
  expect(asked).toEqual([undefined, '1', '3', '5', '7'])
  expect(staged).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
  expect([end, read, ended]).toEqual([{ state: 'finished', report }, 10, 'merged'])
})

const half: Progress = { cursor: '3', pages: 2, read: 4, pagesBefore: 1, readBefore: 2 }

test('goes on after what is staged, and counts it', async () => {
  const { asked, read, progress } = await sync({ kept: half, fill: { cursor: '3', isRead: false } })
  expect(asked[0]).toBe('3')
  expect([read, progress.at(-1)?.pages]).toEqual([10, 5])
})

test('a page that was counted and not staged, because of a crash between the two, is counted once', async () => {
  const { asked, read, progress } = await sync({ kept: half, fill: { cursor: '1', isRead: false } })
  expect(asked[0]).toBe('1')
  expect([read, progress.at(-1)?.pages]).toEqual([10, 5])
})

test('nothing of what was given up is counted', async () => {
  expect((await sync({ kept: half })).read).toBe(10)
})

test('what was read to the end is merged without reading it again', async () => {
  const kept = { ...half, cursor: null, pages: 5, read: 10 }
  const { asked, end } = await sync({ kept, fill: { cursor: undefined, isRead: true }, before: 12 })
  expect([asked, end]).toEqual([[], { state: 'finished', report }])
  const few = { ...kept, read: 4, readBefore: 2 }
  const suspicious = await sync({ kept: few, fill: { cursor: undefined, isRead: true }, before: 12 })
  expect(suspicious).toMatchObject({ end: { state: 'suspicious', error: 'SYNC_SUSPICIOUS' }, ended: 'abandoned' })
})

test('a page ahead that fails while another is staged fails the entity, and nothing else', async () => {
  const { end, staged, ended } = await sync({
    readPage: async (after) => {
      if (after === '3') throw new Error('no more')
      return pageAfter(after)
    },
    stage: () => new Promise((resolve) => setTimeout(resolve, 5)),
  })
  expect([end, staged, ended]).toEqual(['no more', ['0', '1', '2', '3'], ''])
  expect((await sync({ stage: () => Promise.reject(new Error('disk full')) })).end).toBe('disk full')
})
