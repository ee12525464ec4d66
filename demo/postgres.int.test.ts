import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { ensureOwnedDatabase } from './postgres/databases.ts'
import { type PostgresOptions, startPostgres } from './postgres.ts'

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'erp-chatbot-postgres-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function start(options: PostgresOptions) {
  const server = await startPostgres(options)
  onTestFinished(() => server.stop())
  return server
}

async function ask(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

test('keeps its data between starts, in Unicode, ready for logical replication, on loopback only', async () => {
  const dataDir = await temporaryFolder()
  const first = await start({ dataDir })
  const wanted = { database: 'office', owner: 'clerk', password: `it's "secret"` }
  await ensureOwnedDatabase(first.url('postgres'), wanted)
  const clerkUrl = await ensureOwnedDatabase(first.url('postgres'), wanted)
  expect(
    await ask(clerkUrl, 'select current_user as name, rolsuper as super from pg_roles where rolname = current_user'),
  ).toEqual([{ name: 'clerk', super: false }])
  await ask(first.url('office'), `create table names as select * from (values ('한빛'), ('가람'), ('É')) as n(name)`)
  await first.stop()
  await first.exited

  const second = await start({ dataDir, port: first.port })
  expect(second.port).toBe(first.port)
  expect(await ask(second.url('office'), 'select lower(name) as name from names order by name')).toEqual([
    { name: 'é' },
    { name: '가람' },
    { name: '한빛' },
  ])
  expect(
    await ask(
      second.url('office'),
      `select name, setting from pg_settings where name in ('wal_level', 'listen_addresses', 'max_replication_slots') order by name`,
    ),
  ).toEqual([
    { name: 'listen_addresses', setting: '127.0.0.1' },
    { name: 'max_replication_slots', setting: '8' },
    { name: 'wal_level', setting: 'logical' },
  ])
  expect((await stat(join(dataDir, 'password'))).mode & 0o777).toBe(0o600)
  const wrong = new URL(second.url('office'))
  wrong.password = 'wrong'
  await expect(ask(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/)
})

test('says in one sentence that the port is taken, and that the folder is in use', async () => {
  const dataDir = await temporaryFolder()
  const server = await start({ dataDir })
  await expect(startPostgres({ dataDir: await temporaryFolder(), port: server.port })).rejects.toThrow(
    `Port ${server.port} on 127.0.0.1 is taken`,
  )
  await expect(startPostgres({ dataDir })).rejects.toThrow('Another PostgreSQL is already running')
})
