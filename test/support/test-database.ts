import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { type Database, migrateDatabase, openDatabase } from '#platform/database'
import { createLogger } from '#platform/log'

const migrationsFolder = join(import.meta.dirname, '../../migrations')

export type TestDatabase = AsyncDisposable & {
  url: string
  database: Database
  /** Closes `database` and removes it, also while others are still connected. */
  drop: () => Promise<void>
}

/** A database of its own for a test, migrated unless `empty`. Needs the `integration` project's PostgreSQL. `await using` drops it. */
export async function createTestDatabase({ empty = false } = {}): Promise<TestDatabase> {
  const adminUrl = inject('postgresUrl')
  const name = `test_${randomBytes(6).toString('hex')}`
  const template = empty ? 'template0' : await ensureTemplate(adminUrl)
  await administer(adminUrl, (admin) => admin.query(`create database ${name} template ${template}`))
  const url = databaseUrl(adminUrl, name)
  const database = openDatabase({ url, log: createLogger({ level: 'silent', role: 'test' }) })
  const drop = async () => {
    await database.close()
    await administer(adminUrl, (admin) => admin.query(`drop database if exists ${name} with (force)`))
  }
  return { url, database, drop, [Symbol.asyncDispose]: drop }
}

/** Migrating once and copying is ten times faster than migrating each time. Named by the migrations, so watch mode sees a new one. */
async function ensureTemplate(adminUrl: string): Promise<string> {
  const name = `migrated_${await hashMigrations()}`
  await administer(adminUrl, async (admin) => {
    await admin.query('select pg_advisory_lock(20261123)')
    const found = await admin.query('select 1 from pg_database where datname = $1', [name])
    if (found.rowCount !== 0) return
    await admin.query(`create database ${name}_partial template template0`)
    const database = openDatabase({
      url: databaseUrl(adminUrl, `${name}_partial`),
      log: createLogger({ level: 'silent', role: 'test' }),
    })
    try {
      await migrateDatabase(database, migrationsFolder)
      await database.close()
      await admin.query(`alter database ${name}_partial rename to ${name}`)
    } catch (error) {
      await database.close()
      await admin.query(`drop database ${name}_partial with (force)`)
      throw error
    }
  })
  return name
}

async function hashMigrations(): Promise<string> {
  const hash = createHash('sha256')
  for (const file of (await readdir(migrationsFolder)).sort())
    hash.update(file).update(await readFile(join(migrationsFolder, file)))
  return hash.digest('hex').slice(0, 12)
}

async function administer<T>(adminUrl: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

function databaseUrl(adminUrl: string, name: string): string {
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return url.href
}
