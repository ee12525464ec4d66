import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrateDatabase, openDatabase } from '#platform/database'
import { createLogger } from '#platform/log'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'

const log = createLogger({ level: 'silent', role: 'test' })
const migrations = join(import.meta.dirname, '../../migrations')
let db: TestDatabase

beforeEach(async () => {
  db = await createTestDatabase({ empty: true })
})
afterEach(() => db.drop())

test('processes that start together migrate once between them', async () => {
  const starts = Array.from({ length: 8 }, () => openDatabase({ url: db.url, log }))
  const ran = (await Promise.all(starts.map((one) => migrateDatabase(one, migrations)))).flat()
  await Promise.all(starts.map((one) => one.close()))
  expect(ran).toContain('001-audit')
  expect(new Set(ran).size).toBe(ran.length)
  expect(await migrateDatabase(db.database, migrations)).toEqual([])
})

test('a migration that fails leaves nothing of itself and says why', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'erp-chatbot-migrations-'))
  await writeFile(
    join(folder, '001-broken.mjs'),
    'export async function up(db) { await db.schema.createTable("half").execute(); throw new Error("no more") }',
  )
  await expect(migrateDatabase(db.database, folder)).rejects.toThrow('no more')
  const { rows } = await sql`select to_regclass('half') as found`.execute(db.database.kysely)
  expect(rows).toEqual([{ found: null }])
  await rm(folder, { recursive: true })
})

test('exact numbers and dates come as they are stored', async () => {
  const { rows } = await sql`
    select 12345678901234567.89::numeric as amount, 9007199254740993::int8 as big, date '2026-11-23' as day`.execute(
    db.database.kysely,
  )
  expect(rows).toEqual([{ amount: '12345678901234567.89', big: '9007199254740993', day: '2026-11-23' }])
})

test('a query that takes too long is ended', async () => {
  await using slow = openDatabase({ url: db.url, log, statementTimeoutMs: 100 })
  await expect(sql`select pg_sleep(30)`.execute(slow.kysely)).rejects.toThrow(/statement timeout/)
})

test('connections that the server ends are replaced', async () => {
  await sql`select 1`.execute(db.database.kysely)
  await using admin = openDatabase({ url: db.url, log, poolSize: 1 })
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`.execute(
    admin.kysely,
  )
  await expect
    .poll(() =>
      sql`select 1 as one`.execute(db.database.kysely).then(
        ({ rows }) => rows,
        () => 'broken',
      ),
    )
    .toEqual([{ one: 1 }])
})

test('a connection that the server ends between two statements of a transaction fails the next one, and nothing else', async () => {
  await using admin = openDatabase({ url: db.url, log, poolSize: 1 })
  const uncaught: unknown[] = []
  const note = (error: unknown) => void uncaught.push(error)
  process.on('uncaughtExceptionMonitor', note)
  const work = db.database.kysely.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(transaction)
    await sql`select pg_terminate_backend(${rows[0]?.pid}, 5000)`.execute(admin.kysely)
    // The news of it arrives while nothing is asked.
    await pause(100)
    await sql`select 1`.execute(transaction)
  })
  await expect(work).rejects.toThrow()
  process.off('uncaughtExceptionMonitor', note)
  expect(uncaught).toEqual([])
  expect((await sql`select 1 as one`.execute(db.database.kysely)).rows).toEqual([{ one: 1 }])
})
