import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/postgres.ts'
import { openSmallFeed, type SmallFeed } from './small-feed-fixture.ts'

const settings = { fsync: 'off', max_slot_wal_keep_size: '1MB', min_wal_size: '32MB', max_wal_size: '64MB' }
const waiting = { timeout: 20_000, interval: 50 }
let dataDir: string
let server: PostgresServer

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'erp-chatbot-slots-'))
  server = await startPostgres({ dataDir, settings })
})
afterAll(async () => {
  await server.stop()
  await rm(dataDir, { recursive: true, force: true })
})

/** A database of the server that may be restarted. */
async function createErp(name: string): Promise<string> {
  const admin = new pg.Client({ connectionString: server.url('postgres') })
  await admin.connect()
  await admin.query(`create database ${name}`)
  await admin.end()
  return server.url(name)
}

async function followNow(feed: SmallFeed) {
  const following = feed.follow()
  await vi.waitFor(() => expect(following.status().state).toBe('following'), waiting)
  return following
}

const insert = 'insert into erp.vendors (vendor_id, name) values ($1, $2)'

test('a lost slot is told of, distrusted and made anew, and after a full sync all is as in the ERP', async () => {
  const feed = await openSmallFeed(await createErp('lost'))
  const first = await followNow(feed)
  await feed.select(insert, ['v1', '첫째'])
  await vi.waitFor(async () => expect(await feed.copied('vendor')).toHaveLength(1), waiting)
  await feed.fill()
  await first.close()
  expect((await feed.stateOf('vendor'))?.distrusted).toBeUndefined()
  await feed.select(insert, ['v2', '둘째'])
  for (let i = 0; i < 4; i += 1) {
    await feed.select(`insert into erp.noise (text) select repeat('x', 1000) from generate_series(1, 20000)`)
    await feed.select('select pg_switch_wal()')
    await feed.select('checkpoint')
  }
  const [slot] = await feed.select('select wal_status from pg_replication_slots where slot_name = $1', [feed.slot])
  expect(slot?.wal_status).toBe('lost')

  const second = feed.follow()
  await vi.waitFor(
    async () => expect((await feed.stateOf('vendor'))?.distrusted?.reason).toMatch(/slot was lost/),
    waiting,
  )
  await vi.waitFor(() => expect(second.status().state).toBe('following'), waiting)
  expect(await feed.metric('sync_slot_lost_total')).toBe(1)
  expect(feed.logged(/Changes of the ERP were lost/)).toHaveLength(1)
  await feed.select(insert, ['v3', '셋째'])
  await feed.fill()
  await feed.select(insert, ['v4', '넷째'])
  await vi.waitFor(
    async () => expect((await feed.copied('vendor')).map(({ _key }) => _key)).toEqual(['v1', 'v2', 'v3', 'v4']),
    waiting,
  )
  expect((await feed.stateOf('vendor'))?.distrusted).toBeUndefined()
  await second.close()
  await feed.close()
})

test('a slot that somebody dropped, or that is ahead of us, counts as lost', async () => {
  const feed = await openSmallFeed(await createErp('dropped'))
  await (await followNow(feed)).close()
  await feed.fill()
  await feed.select('select pg_drop_replication_slot($1)', [feed.slot])
  await (await followNow(feed)).close()
  expect((await feed.stateOf('vendor'))?.distrusted?.reason).toMatch(/not there any more/)
  await feed.fill()
  await feed.select(insert, ['v1', '첫째'])
  await feed.select('select pg_replication_slot_advance($1, pg_current_wal_lsn())', [feed.slot])
  await (await followNow(feed)).close()
  expect((await feed.stateOf('vendor'))?.distrusted?.reason).toMatch(/ahead of what was kept/)
  expect(await feed.metric('sync_slot_lost_total')).toBe(2)
  await feed.close()
})

test('goes on after the ERP’s database was killed and started again', async () => {
  const feed = await openSmallFeed(await createErp('killed'))
  const following = await followNow(feed)
  await feed.select(insert, ['v1', '첫째'])
  await vi.waitFor(async () => expect(await feed.copied('vendor')).toHaveLength(1), waiting)
  await feed.fill()
  const { port } = server
  server.kill('SIGKILL')
  await server.exited
  server = await startPostgres({ dataDir, settings, port })
  await feed.select(insert, ['v2', '둘째'])
  await vi.waitFor(async () => expect(await feed.copied('vendor')).toHaveLength(2), waiting)
  expect((await feed.stateOf('vendor'))?.distrusted).toBeUndefined()
  expect(await feed.metric('sync_slot_lost_total')).toBe(0)
  await following.close()
  await feed.close()
})
