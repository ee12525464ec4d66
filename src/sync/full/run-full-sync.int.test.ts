import { fork } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RecordReader } from '#erp'
import { AppError, type ErrorSpec } from '#platform/errors'
import { orderFault } from '../../erp/demo-erp-fixture.ts'
import { openFullSync } from './full-sync-fixture.ts'
import { runFullSync } from './run-full-sync.ts'

const { signal } = new AbortController()
let sync: Awaited<ReturnType<typeof openFullSync>>
beforeAll(async () => {
  sync = await openFullSync()
})
afterAll(() => sync.close())

const failing = { code: 'ERP_UNAVAILABLE', kind: 'unavailable', ko: '', en: '' } satisfies ErrorSpec

/** The ERP, with something that happens before a page. */
function before(
  happen: (entity: string, after: string | undefined, page: number) => Promise<void> | void,
): RecordReader {
  let page = 0
  return {
    ...sync.records,
    readPage: async (entity, after, stop) => {
      page += 1
      await happen(entity, after, page)
      return await sync.records.readPage(entity, after, stop)
    },
  }
}

async function expectSame(entity: string) {
  const { copy, erp } = await sync.compare(entity)
  expect(copy.length).toBeGreaterThan(0)
  expect(copy).toEqual(erp)
}

test('the whole ERP comes over, entity by entity, and the second time nothing changes', async () => {
  const entities = ['customer', 'purchaseOrder', 'receivable', 'leave', 'budget']
  const first = await sync.sync(entities)
  expect(first.state).toBe('finished')
  for (const { entity, state, read, added, changed, removed, differences } of first.entities) {
    expect({ entity, state, added, changed, removed, differences }).toEqual({
      ...{ entity, state: 'finished', added: read, changed: 0, removed: 0, differences: [] },
    })
    await expectSame(entity)
  }
  const second = await sync.sync(entities)
  expect(second.entities.map(({ added, changed, removed }) => [added, changed, removed])).toEqual(
    entities.map(() => [0, 0, 0]),
  )
  expect((await sync.copy.state()).find(({ entity }) => entity === 'purchaseOrder')).toMatchObject({ isFilled: true })
})

test('what came, changed and went in the ERP is found, and told as differences', async () => {
  const add = (id: string) =>
    sync.demo.select(
      `insert into erp.vendors select $1, '새 거래처', biz_no, ceo, phone, buyer_no, terms_days from erp.vendors limit 1`,
      [id],
    )
  await add('VZ-GONE')
  await sync.sync(['vendor'])
  await add('VZ-NEW')
  await sync.demo.select(`delete from erp.vendors where vendor_id = 'VZ-GONE'`)
  await sync.demo.select(
    `update erp.vendors set phone = '02-000-0000' where vendor_id = (select min(vendor_id) from erp.vendors)`,
  )
  const { entities } = await sync.sync(['vendor'])
  expect(entities[0]).toMatchObject({ state: 'finished', added: 1, changed: 1, removed: 1 })
  expect(entities[0]?.differences.map(({ kind, field }) => [kind, field])).toEqual([
    ['surplus', undefined],
    ['missing', undefined],
    ['field', 'phone'],
  ])
  await expectSame('vendor')
})

test('a change that came while the entity was read stays, also a removal', async () => {
  await sync.sync(['item'])
  const [changed, gone] = (await sync.records.readPage('item', undefined, signal)).records
  const position = { source: 'test', at: '2026-11-23T03:00:00.000Z', position: '1' }
  const records: RecordReader = {
    ...sync.records,
    readPage: async (entity, after, stop) => {
      const page = await sync.records.readPage(entity, after, stop)
      // Newer than what was just read.
      if (after === undefined)
        await sync.copy.apply(
          [
            { kind: 'put', entity: 'item', key: changed!.key, row: { ...changed!.row, name: 'newer' } },
            { kind: 'remove', entity: 'item', key: gone!.key },
          ],
          position,
        )
      return page
    },
  }
  const { entities } = await sync.sync(['item'], { records })
  expect(entities[0]).toMatchObject({ state: 'finished', added: 0, changed: 0, removed: 0, kept: 2 })
  const { copy } = await sync.compare('item')
  expect(copy.filter((line) => line.includes('newer'))).toHaveLength(1)
  expect(copy.filter((line) => line.includes(JSON.stringify(gone!.key)))).toEqual([])
  // The next one finds the ERP's own state again.
  await sync.sync(['item'])
  await expectSame('item')
})

test('an entity that fails does not stop the others, and keeps its copy', async () => {
  await sync.sync(['vendor', 'employee'])
  const records = before((entity) => {
    if (entity === 'vendor') throw new AppError(failing)
  })
  const run = await sync.sync(['vendor', 'employee'], { records })
  expect(run.state).toBe('failed')
  expect(run.entities.map(({ entity, state, error }) => [entity, state, error])).toEqual([
    ['vendor', 'failed', 'ERP_UNAVAILABLE'],
    ['employee', 'finished', undefined],
  ])
  await expectSame('vendor')
})

test('a page that does not come at once is asked for again; refused credentials are not', async () => {
  const asked: string[] = []
  const records = before((entity, _, page) => {
    asked.push(entity)
    if (page < 3) throw new AppError({ ...failing, code: entity === 'vendor' ? 'ERP_TIMEOUT' : 'ERP_REFUSED' })
  })
  const pace = { pauseMs: 0, retryWaitsMs: [1, 1], mostGone: 0.5 }
  expect((await sync.sync(['vendor'], { records, pace })).state).toBe('finished')
  const refused = before(() => {
    asked.push('refused')
    throw new AppError({ ...failing, code: 'ERP_REFUSED' })
  })
  expect((await sync.sync(['vendor'], { records: refused, pace })).state).toBe('failed')
  expect(asked.filter((one) => one === 'refused')).toHaveLength(1)
})

test('trouble of the ERP itself is ridden out', async () => {
  await orderFault(sync.server.url, '500', 2)
  await orderFault(sync.server.url, 'half-page', 1)
  expect((await sync.sync(['purchaseOrder'])).state).toBe('finished')
  await expectSame('purchaseOrder')
})

test('a sudden drop is reported and not merged, unless it is forced', async () => {
  await sync.sync(['leave', 'employee'])
  const held = (await sync.compare('leave')).copy
  const hidden: RecordReader = {
    ...sync.records,
    readPage: async (entity, after, stop) => {
      const page = await sync.records.readPage(entity, after, stop)
      return entity === 'leave' ? { ...page, records: page.records.slice(0, 2), next: undefined } : page
    },
  }
  const run = await sync.sync(['leave', 'employee'], { records: hidden })
  expect(run.entities.map(({ state, error }) => [state, error])).toEqual([
    ['suspicious', 'SYNC_SUSPICIOUS'],
    ['finished', undefined],
  ])
  expect(run.entities[0]).toMatchObject({ before: held.length, read: 2, removed: 0 })
  expect((await sync.compare('leave')).copy).toEqual(held)
  const forced = await sync.sync(['leave'], { records: hidden, isForced: true })
  expect(forced.entities[0]).toMatchObject({ state: 'finished', removed: held.length - 2 })
  expect((await sync.compare('leave')).copy).toHaveLength(2)
  await sync.sync(['leave'])
})

test('a run that is cancelled stops after the page under way and leaves the copy as it was', async () => {
  await sync.sync(['purchaseOrder'])
  const records = before(async (_, after) => {
    const active = after === undefined ? undefined : await sync.runs.findActive()
    if (active?.state === 'running') await sync.runs.cancel(active.run)
  })
  const run = await sync.sync(['purchaseOrder', 'item'], { records })
  expect([run.state, ...run.entities.map(({ state }) => state)]).toEqual(['cancelled', 'cancelled', 'cancelled'])
  expect(run.entities[0]?.pages).toBeLessThan(4)
  await expectSame('purchaseOrder')
  await expect(sync.runs.cancel(run.run)).rejects.toSatisfy(
    (error) => error instanceof AppError && error.spec.code === 'SYNC_RUN_OVER',
  )
})

test('one run at a time', async () => {
  const run = await sync.runs.open({ trigger: 'manual', entities: ['item'], isForced: false, isWhole: false })
  const second = sync.runs.open({ trigger: 'schedule', entities: ['item'], isForced: false, isWhole: true })
  await expect(second).rejects.toSatisfy((error) => error instanceof AppError && error.spec.code === 'SYNC_RUNNING')
  await runFullSync(sync.deps, run, signal)
  expect((await sync.runs.read(run.run)).state).toBe('finished')
})

test('a worker killed on the way loses nothing: the next one goes on where it was', async () => {
  await sync.demo.select(`update erp.items set name = name || '*'`)
  const run = await sync.runs.open({
    trigger: 'manual',
    entities: ['purchaseOrder', 'item'],
    isForced: false,
    isWhole: false,
  })
  const child = fork(new URL('./full-sync-process-fixture.ts', import.meta.url), [
    sync.ours.url,
    sync.server.url,
    run.run,
  ])
  while ((await sync.runs.read(run.run)).entities[0]!.pages < 5) await new Promise((resolve) => setTimeout(resolve, 5))
  child.kill('SIGKILL')
  await once(child, 'exit')
  const left = await sync.runs.read(run.run)
  expect(left).toMatchObject({ state: 'running', entities: [{ state: 'reading' }, { state: 'waiting' }] })
  const { copy } = await sync.compare('purchaseOrder')
  expect(copy.some((line) => line.includes('*'))).toBe(false)
  const asked: (string | undefined)[] = []
  const records = before((entity, after) => {
    if (entity === 'purchaseOrder') asked.push(after)
  })
  await runFullSync({ ...sync.deps, records }, left, signal)
  const done = await sync.runs.read(run.run)
  expect(done.state).toBe('finished')
  await expectSame('purchaseOrder')
  await expectSame('item')
  expect(asked[0]).toBeDefined()
  const total = (await sync.compare('purchaseOrder')).copy.length
  expect(done.entities[0]?.read).toBe(total)
  expect(asked.length).toBeLessThan(Math.ceil(total / 500) - 2)
})
