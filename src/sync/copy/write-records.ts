import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Row } from '#erp'
import type { CopyRecord } from './copy.ts'
import { columnList, type EntityTable, writeCell } from './entity-table.ts'
import { writeArray } from './write-array.ts'

/** Rows of one statement: enough to be fast, few enough for its deadline. */
const rowsAStatement = 5_000

/** A record's cells by column, as the table keeps them. */
export type StoredRow = Record<string, string | null>

/** Every column of a row; what the row does not have is null. Throws COPY_VALUE. */
function storeRow({ columns }: EntityTable, row: Row): StoredRow {
  return Object.fromEntries(columns.map((column) => [column.name, writeCell(column, row[column.name])]))
}

/** Only the columns that a row has. Throws COPY_VALUE. */
export function storeGivenFields({ columns }: EntityTable, row: Row): StoredRow {
  const given = columns.filter(({ name }) => Object.hasOwn(row, name) && row[name] !== undefined)
  return Object.fromEntries(given.map((column) => [column.name, writeCell(column, row[column.name])]))
}

type Upsert = {
  into: RawBuilder<unknown>
  rows: readonly [key: string, row: StoredRow][]
  changeNo: string
  /** A condition for all of them together. */
  when?: RawBuilder<unknown>
}

/** Inserts records, or puts them in the place of those that have their keys. */
export async function upsertRows(db: Kysely<unknown>, table: EntityTable, { rows, ...more }: Upsert): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsAStatement)
    await upsertStatement(table, { rows: rows.slice(start, start + rowsAStatement), ...more }).execute(db)
}

/** The statement that inserts records or replaces them. */
function upsertStatement(table: EntityTable, upsert: Upsert): RawBuilder<unknown> {
  const names = ['_change_no', ...table.columns.map(({ name }) => name)]
  const sets = sql.join(names.map((name) => sql`${sql.id(name)} = ${sql.id('excluded', name)}`))
  return sql`${insertStatement(table, upsert)} on conflict (_key) do update set ${sets}`
}

/** The statement that inserts records which are not there. */
export function insertStatement(
  table: EntityTable,
  { into, rows, changeNo, when = sql`true` }: Upsert,
): RawBuilder<unknown> {
  // By columns: PostgreSQL takes arrays in two thirds of the time that it needs for as much JSON.
  const columns = table.columns.map(
    ({ name, sqlType }) => sql`${writeArray(rows.map(([, row]) => row[name] ?? null))}::${sql.raw(sqlType)}[]`,
  )
  const keys = sql`${writeArray(rows.map(([key]) => key))}::text[]`
  return sql`
    insert into ${into} (_key, _change_no, ${columnList(table)})
    select _key, ${changeNo}::bigint, ${columnList(table)}
    from unnest(${sql.join([keys, ...columns])}) as r (_key, ${columnList(table)})
    where ${when}`
}

/** Records as rows to upsert; of a key that comes twice, the last. Throws COPY_VALUE. */
export function storeRecords(table: EntityTable, records: readonly CopyRecord[]): [string, StoredRow][] {
  return [...new Map(records.map(({ key, row }) => [key, storeRow(table, row)]))]
}
