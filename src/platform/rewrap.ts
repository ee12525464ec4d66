import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'
import {
  type FieldCipher,
  type FieldPlace,
  type KeyService,
  masterKeyIdBytes,
  type SealedColumn,
} from './encryption.ts'
import { encryptionErrors } from './encryption-errors.ts'
import { AppError } from './errors.ts'
import { createPostgresTurns } from './exclusive-work.postgres.ts'

/** How many values of a column hang on a master key. */
export type SealedCount = { table: string; column: string; masterKeyId: string; count: number }

/** What became of a column: values sealed anew, those that were changed or removed meanwhile, and rows that do not open. */
export type RewrapReport = { table: string; column: string; sealed: number; passed: number; unopened: string[] }

/** What is sealed in `sealed`, sealed anew; undefined when it does not open. */
type Reseal = (sealed: Buffer, place: FieldPlace) => Promise<Buffer | undefined>

/** Somewhere besides the database that sealed values lie; counted and sealed anew as those there are. */
export type SealedStore = {
  count(): Promise<SealedCount[]>
  rewrap(currentId: string, reseal: Reseal): Promise<RewrapReport[]>
}

type Deps = {
  database: Database
  keys: KeyService
  cipher: FieldCipher
  columns: SealedColumn[]
  stores?: SealedStore[]
}
type Row = { row: string; sealed: Buffer }

/** Two commands at once would only double the work. */
const rewrapLock = 7_146_201_132
const batchSize = 200
const mostNamed = 20

/**
 * Seals every value anew that hangs on another master key than the current one, in batches, while the service runs: a value that
 * somebody changes meanwhile is left as they wrote it. May be stopped at any time; the next run goes on where values are left.
 * Values that do not open stay as they are and are reported. Throws REWRAP_RUNNING.
 */
export async function rewrapValues(
  deps: Deps,
  onReport: (report: RewrapReport) => void = () => undefined,
): Promise<void> {
  const isDone = await createPostgresTurns(
    deps.database,
    rewrapLock,
  )(async () => {
    const currentId = await deps.keys.currentKeyId()
    for (const column of deps.columns) onReport(await rewrapColumn(deps, column, currentId))
    const reseal: Reseal = (sealed, place) => resealValue(deps, sealed, place)
    for (const store of deps.stores ?? [])
      for (const report of await store.rewrap(currentId, reseal))
        onReport({ ...report, unopened: report.unopened.slice(0, mostNamed) })
  })
  if (!isDone) throw new AppError(encryptionErrors.rewrapRunning)
}

/** How many values hang on which master key, by column. Of those in the database it reads a few bytes each. */
export async function countSealed({
  database,
  columns,
  stores = [],
}: Pick<Deps, 'database' | 'columns' | 'stores'>): Promise<SealedCount[]> {
  const counts: SealedCount[] = []
  for (const { table, column } of columns) {
    const { rows } = await sql<{ id: string; count: string }>`
      select encode(${keyIdOf(column)}, 'hex') as id, count(*) from ${sql.table(table)}
      where ${sql.ref(column)} is not null group by 1 order by 1`.execute(database.kysely)
    for (const { id, count } of rows) counts.push({ table, column, masterKeyId: id, count: Number(count) })
  }
  for (const store of stores) counts.push(...(await store.count()))
  return counts
}

async function rewrapColumn(deps: Deps, place: SealedColumn, currentId: string): Promise<RewrapReport> {
  const { table, column } = place
  const report: RewrapReport = { table, column, sealed: 0, passed: 0, unopened: [] }
  let rows = await readBatch(deps.database, place, { currentId, after: undefined })
  while (rows.length > 0) {
    for (const row of rows) {
      const outcome = await rewrapRow(deps, place, row)
      if (outcome === 'unopened') report.unopened = [...report.unopened, row.row].slice(0, mostNamed)
      else report[outcome] += 1
    }
    rows = await readBatch(deps.database, place, { currentId, after: rows.at(-1)?.row })
  }
  return report
}

async function readBatch(
  { kysely }: Database,
  { table, column, rowKey }: SealedColumn,
  { currentId, after }: { currentId: string; after: string | undefined },
): Promise<Row[]> {
  const isAfter = after === undefined ? sql`true` : sql`${sql.ref(rowKey)} > ${after}`
  const { rows } = await sql<Row>`
    select ${sql.ref(rowKey)}::text as row, ${sql.ref(column)} as sealed from ${sql.table(table)}
    where ${keyIdOf(column)} <> decode(${currentId}, 'hex') and ${isAfter}
    order by ${sql.ref(rowKey)} limit ${sql.lit(batchSize)}`.execute(kysely)
  return rows
}

async function rewrapRow(
  deps: Deps,
  { table, column, rowKey }: SealedColumn,
  { row, sealed }: Row,
): Promise<'sealed' | 'passed' | 'unopened'> {
  const anew = await resealValue(deps, sealed, { table, column, row })
  if (!anew) return 'unopened'
  const { numAffectedRows } = await sql`
    update ${sql.table(table)} set ${sql.ref(column)} = ${anew}
    where ${sql.ref(rowKey)} = ${row} and ${sql.ref(column)} = ${sealed}`.execute(deps.database.kysely)
  return numAffectedRows === 1n ? 'sealed' : 'passed'
}

async function resealValue({ cipher }: Deps, sealed: Buffer, place: FieldPlace): Promise<Buffer | undefined> {
  let plain: string
  try {
    plain = await cipher.decrypt(sealed, place)
  } catch (error) {
    // A key service that is away is no reason to leave values behind: the command ends, and is run again.
    if (error instanceof AppError && error.spec === encryptionErrors.undecipherable) return undefined
    throw error
  }
  return await cipher.encrypt(plain, place)
}

function keyIdOf(column: string): RawBuilder<Buffer> {
  const { from, length } = masterKeyIdBytes
  return sql<Buffer>`substring(${sql.ref(column)} from ${sql.lit(from)} for ${sql.lit(length)})`
}
