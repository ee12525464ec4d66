import { type Kysely, sql } from 'kysely'
import type { StoredRow } from './write-records.ts'

/** A full sync under way: the number of the change before it began, and the records of which only some fields are newer. */
export type OpenFill = { begin: string; touched: Set<string> }

type Touched = {
  entity: string
  changeNo: string
  /** Keys of every record that changes put, whole or not. */
  puts: string[]
  /** Those of which some fields came, and what the rest is only the full sync knows. */
  partial: [key: string, fields: StoredRow][]
  removes: string[]
}

/** The full syncs under way, by entity. */
export async function readOpenFills(trx: Kysely<unknown>, entities: string[]): Promise<Map<string, OpenFill>> {
  const { rows } = await sql<{ entity: string; begin: string; touched: string[] }>`
    select entity, begin_change_no as begin,
      array(select t.key from copy_touched t where t.entity = f.entity) as touched
    from copy_fills f where entity = any(${entities})`.execute(trx)
  return new Map(rows.map(({ entity, begin, touched }) => [entity, { begin, touched: new Set(touched) }]))
}

/** Notes for the full sync under way what it must not bring back and which fields it must not overwrite. */
export async function keepTouched(trx: Kysely<unknown>, touched: Touched): Promise<void> {
  const { entity, changeNo, puts, partial, removes } = touched
  const isPartial = new Set(partial.map(([key]) => key))
  const whole = puts.filter((key) => !isPartial.has(key))
  await sql`delete from copy_removed where entity = ${entity} and key = any(${puts})`.execute(trx)
  await sql`delete from copy_touched where entity = ${entity} and key = any(${[...whole, ...removes]})`.execute(trx)
  await sql`
    insert into copy_removed (entity, key, change_no)
    select ${entity}, key, ${changeNo}::bigint from unnest(${removes}::text[]) as r (key)
    on conflict (entity, key) do update set change_no = excluded.change_no`.execute(trx)
  if (partial.length === 0) return
  const fields = JSON.stringify(partial.map(([key, row]) => ({ key, fields: row })))
  await sql`
    insert into copy_touched (entity, key, change_no, fields)
    select ${entity}, key, ${changeNo}::bigint, fields from jsonb_to_recordset(${fields}::jsonb) as r (key text, fields jsonb)
    on conflict (entity, key) do update
    set change_no = excluded.change_no, fields = copy_touched.fields || excluded.fields`.execute(trx)
}
