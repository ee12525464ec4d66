import pg from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLogger } from '#platform/log'
import { createPostgresChangeSource } from './change-source.postgres.ts'
import type { ChangeBatch } from './change-source.ts'
import { openSmallFeed, type SmallFeed } from './small-feed-fixture.ts'

const waiting = { timeout: 15_000, interval: 50 }
const log = createLogger({ level: 'silent', role: 'test' })
let feed: SmallFeed

beforeEach(async () => {
  feed = await openSmallFeed()
})
afterEach(async () => await feed.close())

async function follow() {
  const following = feed.follow()
  await vi.waitFor(() => expect(following.status().state).toBe('following'), waiting)
  await feed.fill()
  return following
}

const vendor = (id: string, name = id) =>
  feed.select('insert into erp.vendors (vendor_id, name) values ($1, $2)', [id, name])
const item = (code: string) => feed.select('insert into erp.items (item_code, name) values ($1, $1)', [code])
const keys = async (entity: string) => (await feed.copied(entity)).map(({ _key }) => _key)
const reason = async (entity: string) => (await feed.stateOf(entity))?.distrusted?.reason

test('changes, deletes, changed keys and unchanged long values come over; names with them', async () => {
  await using _ = await follow()
  await vendor('v1', '한빛')
  await vendor('v2', '가온')
  // Long enough to be stored apart: an update of another column does not send it again.
  const long = Array.from({ length: 20_000 }, (_, i) => (i * 7919).toString(36)).join('')
  await feed.select('update erp.vendors set ceo = $1 where vendor_id = $2', [long, 'v1'])
  await feed.select(`update erp.vendors set phone = '02-1' where vendor_id = 'v1'`)
  await feed.select(`update erp.vendors set vendor_id = 'v9', name = '새론' where vendor_id = 'v2'`)
  await vi.waitFor(async () => expect(await keys('vendor')).toEqual(['v1', 'v9']), waiting)
  expect((await feed.copied('vendor'))[0]).toEqual({ _key: 'v1', name: '한빛', bizNo: null, ceo: long, phone: '02-1' })
  await feed.select(`delete from erp.vendors where vendor_id = 'v9'`)
  await vi.waitFor(async () => expect(await keys('vendor')).toEqual(['v1']), waiting)
  // 가온 is seen as a name only if it was not yet renamed when its batch was applied.
  await vi.waitFor(() => expect(feed.named.at(-1)?.map(({ name }) => name)).toEqual(['새론']), waiting)
  const all = feed.named.flat().map(({ name }) => name)
  expect(all.filter((name) => name === '한빛')).toHaveLength(1)
  expect(all.filter((name) => name === '가온').length % 2).toBe(0)
})

test('a new column is told of once and ignored', async () => {
  await using _ = await follow()
  await vendor('v1')
  await vi.waitFor(async () => expect(await keys('vendor')).toEqual(['v1']), waiting)
  await feed.select('alter table erp.vendors add column rating integer')
  for (const id of ['v2', 'v3']) {
    await vendor(id)
    await vi.waitFor(async () => expect(await keys('vendor')).toContain(id), waiting)
  }
  expect(feed.logged(/new columns/)).toMatchObject([{ 'sync.table': 'erp.vendors', 'sync.columns': ['rating'] }])
  expect(await reason('vendor')).toBeUndefined()
})

test('a removed column is an alarm for its entity; the rest keeps working', async () => {
  await using following = await follow()
  await feed.select('alter table erp.vendors drop column phone')
  await vendor('v1')
  await item('i1')
  await vi.waitFor(async () => expect(await keys('item')).toEqual(['i1']), waiting)
  expect(await reason('vendor')).toMatch(/lacks a column/)
  expect(await reason('item')).toBeUndefined()
  expect(feed.logged(/could not be followed/)).toMatchObject([{ 'sync.entity': 'vendor' }])
  expect(await feed.metric('sync_distrusted_total')).toBe(1)
  expect(following.status().problems).toEqual([expect.stringContaining('vendor: erp.vendors lacks a column')])
  expect((await feed.copy.readPosition('postgres'))?.follows).toEqual(['item'])
})

test('a renamed table is an alarm for its entity until it is back; the rest keeps working', async () => {
  await using following = await follow()
  await feed.select('alter table erp.vendors rename to suppliers')
  await vi.waitFor(async () => expect(await reason('vendor')).toMatch(/is not there/), waiting)
  await item('i1')
  await vi.waitFor(async () => expect(await keys('item')).toEqual(['i1']), waiting)
  expect(await reason('item')).toBeUndefined()
  expect(following.status().problems.join()).toContain('erp.vendors')
  // A full sync makes it good for as old as that is; it is not distrusted over and over.
  await feed.fill()
  await new Promise((resolve) => setTimeout(resolve, 400))
  expect(await reason('vendor')).toBeUndefined()
  await feed.select('alter table erp.suppliers rename to vendors')
  await vi.waitFor(async () => expect(await reason('vendor')).toMatch(/not followed for a while/), waiting)
  await vi.waitFor(() => expect(following.status().problems).toEqual([]), waiting)
  await vendor('v1')
  await vi.waitFor(async () => expect(await keys('vendor')).toEqual(['v1']), waiting)
})

test('a table made anew is followed again, and distrusted for what came before', async () => {
  await using _ = await follow()
  await feed.select('drop table erp.vendors')
  await feed.select(
    'create table erp.vendors (vendor_id text primary key, name text, biz_no text, ceo text, phone text)',
  )
  await vi.waitFor(async () => expect(await reason('vendor')).toMatch(/erp.vendors/), waiting)
  await vi.waitFor(async () => {
    const published = await feed.select('select 1 from pg_publication_tables where tablename = $1', ['vendors'])
    expect(published).toHaveLength(1)
  }, waiting)
  await vendor('v1')
  await vi.waitFor(async () => expect(await keys('vendor')).toEqual(['v1']), waiting)
})

test('a table without a replica identity is not published: the ERP’s own updates would fail', async () => {
  await feed.select('alter table erp.vendors drop constraint vendors_pkey')
  await vendor('v1')
  await using following = await follow()
  await feed.select(`update erp.vendors set name = 'x'`)
  await vi.waitFor(() => expect(following.status().problems.join()).toContain('REPLICA IDENTITY'), waiting)
  await item('i1')
  await vi.waitFor(async () => expect(await keys('item')).toEqual(['i1']), waiting)
})

test('a truncated table is read anew as a whole', async () => {
  await using _ = await follow()
  await vendor('v1')
  await vi.waitFor(async () => expect(await keys('vendor')).toEqual(['v1']), waiting)
  await feed.select('truncate erp.vendors')
  await vi.waitFor(async () => expect(await reason('vendor')).toMatch(/too much of erp.vendors/), waiting)
})

test('an idle source moves the slot and the time on, though others write much', async () => {
  await using following = await follow()
  await feed.select(`insert into erp.noise (text) select repeat('x', 1000) from generate_series(1, 30000)`)
  await vi.waitFor(async () => {
    const [slot] = await feed.select(
      'select (pg_current_wal_lsn() - confirmed_flush_lsn)::int as lag from pg_replication_slots where slot_name = $1',
      [feed.slot],
    )
    expect(slot?.lag).toBeLessThan(20_000)
  }, waiting)
  const at = Date.parse((await feed.copy.readPosition('postgres'))?.at ?? '')
  expect(Math.abs(Date.now() - at)).toBeLessThan(60_000)
  expect(following.status().lagSeconds).toBeLessThan(60)
})

test('a worker takes over from another that ends', async () => {
  const first = await follow()
  const second = feed.follow()
  await vendor('v1')
  await vi.waitFor(async () => expect(await keys('vendor')).toEqual(['v1']), waiting)
  expect([first.status().state, second.status().state]).toEqual(['following', 'standby'])
  await first.close()
  await vendor('v2')
  await vi.waitFor(async () => expect(await keys('vendor')).toEqual(['v1', 'v2']), waiting)
  expect(second.status().state).toBe('following')
  await second.close()
})

test('a transaction that commits at the very end of another is not taken for told', async () => {
  const limits = { tickMs: 20 }
  const open = () =>
    createPostgresChangeSource({ url: feed.url, slot: feed.slot, tables: ['erp.vendors'], log, limits })
  const source = open()
  const begin = await source.renew?.(undefined, new AbortController().signal)
  const clients = [new pg.Client({ connectionString: feed.url }), new pg.Client({ connectionString: feed.url })]
  for (const [i, client] of clients.entries()) {
    await client.connect()
    await client.query('begin')
    await client.query(`insert into erp.vendors (vendor_id, name) values ('v${i}', 'x')`)
  }
  // Nothing is written in between: the second commit begins at the byte after the first.
  await Promise.all(clients.map((client) => client.query('commit')))
  const told: string[] = []
  let position = begin?.position
  const take = async (batch: ChangeBatch) => {
    for (const { after } of batch.changes) told.push(String(after?.vendor_id))
    // The first is kept, the second is not.
    if (told.length > 1) throw new Error('killed')
    position = batch.position
  }
  const batchOne = createPostgresChangeSource({
    url: feed.url,
    slot: feed.slot,
    tables: ['erp.vendors'],
    log,
    limits: { ...limits, batchRows: 1 },
  })
  await expect(batchOne.follow(position, take, new AbortController().signal)).rejects.toThrow('killed')
  const stop = new AbortController()
  const again: string[] = []
  const following = source.follow(
    position,
    async ({ changes }) => void again.push(...changes.map(({ after }) => String(after?.vendor_id))),
    stop.signal,
  )
  await vi.waitFor(() => expect(again).toEqual(told.slice(1)), waiting)
  stop.abort()
  await following
  for (const closing of [source, batchOne]) await closing.close()
  for (const client of clients) await client.end()
})

test('keeping the place of an idle server that keeps it itself is no reason to keep it again at once', async () => {
  const options = { url: feed.url, slot: feed.slot, tables: ['erp.vendors'], log }
  const source = createPostgresChangeSource({ ...options, limits: { tickMs: 20, idleMs: 60_000 } })
  const begin = await source.renew?.(undefined, new AbortController().signal)
  const stop = new AbortController()
  let kept = 0
  let rows = 0
  const keep = async ({ changes }: ChangeBatch) => {
    rows += changes.length
    if (changes.length === 0) kept += 1
    await feed.select(`insert into erp.noise (text) values ('kept')`)
  }
  const following = source.follow(begin?.position, keep, stop.signal)
  await vi.waitFor(() => expect(kept).toBe(1), waiting)
  for (let i = 0; i < 20; i += 1) await feed.select(`insert into erp.noise (text) values ('more')`)
  await vendor('v1')
  await vi.waitFor(() => expect(rows).toBe(1), waiting)
  expect(kept).toBe(1)
  stop.abort()
  await following
  await source.close()
})
