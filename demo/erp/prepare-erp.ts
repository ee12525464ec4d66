import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { makeTables } from './data/make-tables.ts'
import { loadTable } from './load-table.ts'

/** Raised with every change of the tables or of what is generated, so that a database filled before is filled anew. */
const dataVersion = 3
const lockKey = 4_004_002

export type PrepareOptions = {
  /** An existing database; only its schemas `erp` and `odata` are touched. */
  databaseUrl: string
  /** The day the data ends on, ISO, in Asia/Seoul. */
  today: string
  seed: number
  /** Gets a line at each step, for a person who waits. */
  onStep?: (line: string) => void
}

/** `rows` counts what was written by table, and is empty when the database was ready already. */
export type PrepareReport = { isRebuilt: boolean; rows: Record<string, number> }

/** Makes the database that of the demo company on that day, all or nothing. Does nothing when it is already. */
export async function prepareErp(options: PrepareOptions): Promise<PrepareReport> {
  const client = new pg.Client({ connectionString: options.databaseUrl })
  await client.connect()
  try {
    await client.query('begin')
    await client.query('select pg_advisory_xact_lock($1)', [lockKey])
    const report = (await isReady(client, options)) ? { isRebuilt: false, rows: {} } : await rebuild(client, options)
    await client.query('commit')
    return report
  } finally {
    // An open transaction ends with its connection.
    await client.end()
  }
}

async function isReady(client: pg.Client, { today, seed }: PrepareOptions): Promise<boolean> {
  const known = await client.query(`select to_regclass('erp.state') is not null as has_state`)
  if (!known.rows[0].has_state) return false
  const state = await client.query('select 1 from erp.state where day = $1 and seed = $2 and data_version = $3', [
    today,
    seed,
    dataVersion,
  ])
  return state.rowCount === 1
}

async function rebuild(client: pg.Client, { today, seed, onStep }: PrepareOptions): Promise<PrepareReport> {
  const rows: Record<string, number> = {}
  onStep?.(`Demo ERP: making the data for ${today}`)
  await client.query('drop schema if exists odata cascade')
  await client.query('drop schema if exists erp cascade')
  await client.query(readSql('tables.sql'))
  for (const { subject, tables } of makeTables(today, seed)) {
    for (const table of tables) {
      await loadTable(client, table)
      rows[table.table] = table.rows.length
    }
    const count = tables.reduce((sum, table) => sum + table.rows.length, 0)
    onStep?.(`Demo ERP: ${subject}, ${count.toLocaleString('en-US')} rows`)
  }
  await client.query('insert into erp.state (day, seed, data_version) values ($1, $2, $3)', [today, seed, dataVersion])
  onStep?.('Demo ERP: keys, indexes and views')
  await client.query(readSql('keys.sql'))
  await client.query(readSql('views.sql'))
  return { isRebuilt: true, rows }
}

const readSql = (file: string) => readFileSync(join(import.meta.dirname, 'schema', file), 'utf8')
