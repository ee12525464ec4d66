import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { erpErrors, type RecordReader } from '#erp'
import { AppError } from '#platform/errors'
import { createLogger } from '#platform/log'
import { describeChangeSource } from './change-source.contract.ts'
import { createPollingSource } from './change-source.polling.ts'
import type { ChangeBatch } from './change-source.ts'

const log = createLogger({ level: 'silent', role: 'test' })
const hourMs = 3_600_000

/** An ERP that keeps when its records were modified, by a clock of its own. */
function createErp(skewMs: number) {
  const rows = new Map<string, { row: { name: string }; at: number }>()
  let lastMs = 0
  const calls: string[] = []
  const readModified: NonNullable<RecordReader['readModified']> = async (entity, since, after) => {
    calls.push(since)
    const found = [...rows]
      .filter(([, { at }]) => at >= Date.parse(since))
      .sort(([, a], [, b]) => a.at - b.at)
      .map(([key, { row, at }]) => ({ key, row, at }))
    const start = Number(after ?? 0)
    const page = found.slice(start, start + 2)
    return {
      records: entity === 'vendor' ? page.map(({ key, row }) => ({ key, row })) : [],
      next: start + 2 < found.length && entity === 'vendor' ? String(start + 2) : undefined,
      asOf: new Date().toISOString(),
      modifiedUntil: new Date(
        entity === 'vendor' ? (page.at(-1)?.at ?? Date.parse(since)) : Date.parse(since),
      ).toISOString(),
    }
  }
  const write = (key: string, name: string, lateMs = 0) => {
    lastMs = Math.max(lastMs + 1, Date.now() + skewMs)
    rows.set(key, { row: { name }, at: lastMs - lateMs })
  }
  const open = (overlapMs = 1_000) =>
    createPollingSource({ records: { readModified }, entities: ['vendor', 'item'], everyMs: 5, overlapMs, log })
  return { write, open, calls, readModified }
}

for (const skewMs of [0, 2 * hourMs, -2 * hourMs])
  describeChangeSource(
    `polling an ERP whose clock is ${skewMs / hourMs} h ahead of ours`,
    async () => {
      const { open, write } = createErp(skewMs)
      return {
        open: () => open(),
        write: async (values) => {
          for (const value of values) write(value, value)
        },
        valuesOf: ({ records = [] }) =>
          records.flatMap((change) => (change.kind === 'put' ? [String(change.row.name)] : [])),
        close: async () => undefined,
      }
    },
    { keepsTransactions: false },
  )

async function follow(erp: ReturnType<typeof createErp>) {
  const source = erp.open()
  const begin = await source.renew?.(undefined, new AbortController().signal)
  const batches: ChangeBatch[] = []
  const stop = new AbortController()
  const following = source.follow(begin?.position, async (batch) => void batches.push(batch), stop.signal)
  const told = () =>
    batches
      .flatMap(({ records = [] }) => records)
      .map((change) => `${change.key} ${'row' in change ? change.row.name : ''}`)
  return {
    told,
    batches,
    end: async () => {
      stop.abort()
      await following
    },
  }
}

test('tells of each version once, and of one that is seen late', async () => {
  const erp = createErp(2 * hourMs)
  const { told, end } = await follow(erp)
  erp.write('v1', 'a')
  await wait(50)
  expect(told()).toEqual(['v1 a'])
  erp.write('v1', 'b')
  // Its transaction began before the last record was read, and committed after it.
  erp.write('v2', 'late', 500)
  await wait(50)
  expect(told().toSorted()).toEqual(['v1 a', 'v1 b', 'v2 late'])
  await end()
})

test('asks from the ERP’s own time on, however far our clock is off', async () => {
  const erp = createErp(-2 * hourMs)
  const { end } = await follow(erp)
  erp.write('v1', 'a')
  await wait(50)
  await end()
  const since = Date.parse(erp.calls.at(-2) ?? '')
  expect(Math.abs(Date.now() - 2 * hourMs - 1_000 - since)).toBeLessThan(2_000)
})

test('a record from the far future does not hide what comes after', async () => {
  const erp = createErp(0)
  const { told, end } = await follow(erp)
  erp.write('v1', 'future', -1_000 * hourMs)
  await wait(30)
  erp.write('v2', 'now')
  await wait(50)
  expect(told()).toContain('v2 now')
  await end()
})

test('an entity that the ERP refuses does not keep the others waiting, and is a problem to see', async () => {
  const { write, readModified } = createErp(0)
  const refuse: typeof readModified = async (entity, ...rest) => {
    if (entity === 'item') throw new AppError(erpErrors.badReply)
    return await readModified(entity, ...rest)
  }
  const source = createPollingSource({
    records: { readModified: refuse },
    entities: ['item', 'vendor'],
    everyMs: 5,
    overlapMs: 1_000,
    log,
  })
  const begin = await source.renew?.(undefined, new AbortController().signal)
  const batches: ChangeBatch[] = []
  const stop = new AbortController()
  const following = source.follow(begin?.position, async (batch) => void batches.push(batch), stop.signal)
  write('v1', 'a')
  await wait(50)
  expect(batches.flatMap(({ records = [] }) => records)).toHaveLength(1)
  expect(source.status().problems).toEqual(['item: ERP_BAD_REPLY'])
  stop.abort()
  await following
})
