import { type Kysely, sql } from 'kysely'
import type { AppliedChange, Position, RecordChange } from './copy.ts'
import { columnList, type EntityTable, readRow, tableRef } from './entity-table.ts'
import { type FoldedChanges, foldChanges } from './fold-changes.ts'
import { keepTouched, type OpenFill, readOpenFills } from './touched-records.ts'
import { type StoredRow, storeGivenFields, upsertRows } from './write-records.ts'

type Applying = { table: EntityTable; changeNo: string; fill: OpenFill | undefined }
type Found = Map<string, { changeNo: string; row: Record<string, unknown> }>

/** Applies changes inside a transaction; see `Copy.apply`. */
export async function applyChanges(
  trx: Kysely<unknown>,
  tables: Map<string, EntityTable>,
  changes: readonly RecordChange[],
  position: Position,
): Promise<AppliedChange[]> {
  if (!(await takePosition(trx, position))) return []
  const folded = [...foldChanges(changes)].filter(([entity]) => tables.has(entity)).sort(byEntity)
  if (folded.length === 0) return []
  const entities = folded.map(([entity]) => entity)
  // In the order of their names, so that nobody waits in a circle; a full sync that finishes takes the same lock.
  await sql`
    select from copy_entities where entity = any(${entities}) order by entity for no key update`.execute(trx)
  const { rows } = await sql<{ no: string }>`select nextval('copy_change_no') as no`.execute(trx)
  const changeNo = rows[0]?.no ?? '0'
  const fills = await readOpenFills(trx, entities)
  const applied: AppliedChange[] = []
  for (const [entity, what] of folded) {
    const table = tables.get(entity)
    if (!table) continue
    const done = await applyToEntity(trx, what, { table, changeNo, fill: fills.get(entity) })
    const grown = done.filter(({ before }) => !before).length - done.filter(({ after }) => !after).length
    await sql`
      update copy_entities set changed_at = ${position.at}, records = records + ${grown} where entity = ${entity}`.execute(
      trx,
    )
    // One by one: a spread of a hundred thousand would be too many parameters.
    for (const one of done) applied.push(one)
  }
  const changed = [...new Set(applied.map(({ entity }) => entity))]
  if (changed.length > 0) await sql`select pg_notify('copy_changed', ${changed.join(',')})`.execute(trx)
  return applied
}

const byEntity = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1)

/** Moves the source's position on; false when it was there already. Whoever comes second waits for the first. */
async function takePosition(trx: Kysely<unknown>, { source, position, at, follows = [] }: Position): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    insert into copy_positions (source, position, at, follows) values (${source}, ${position}, ${at}, ${[...follows]})
    on conflict (source) do update set position = excluded.position, at = excluded.at, follows = excluded.follows
    where copy_positions.position < excluded.position`.execute(trx)
  return numAffectedRows > 0n
}

async function applyToEntity(
  trx: Kysely<unknown>,
  { puts, removes }: FoldedChanges,
  applying: Applying,
): Promise<AppliedChange[]> {
  const { table, changeNo, fill } = applying
  const found = await lockRows(trx, table, [...puts.keys()])
  const given = [...puts].map(([key, row]): [string, StoredRow] => [key, storeGivenFields(table, row)])
  const isWhole = (row: StoredRow) => Object.keys(row).length === table.columns.length
  // Some fields of a record that is not here make no record; the full sync under way, or the next, brings the rest.
  const rows = given.flatMap(([key, row]): [string, StoredRow][] => {
    const before = found.get(key)
    if (!before && !isWhole(row)) return []
    return [[key, { ...(before?.row as StoredRow), ...row }]]
  })
  await upsertRows(trx, table, { into: tableRef(table), rows, changeNo })
  const removed = await removeRows(trx, table, [...removes])
  if (fill) {
    const partial = given.filter(([key, row]) => !isWhole(row) && !isKnownSince(found.get(key)?.changeNo, fill, key))
    await keepTouched(trx, { entity: table.entity, changeNo, puts: [...puts.keys()], partial, removes: [...removes] })
  }
  return [...rows.flatMap(([key, row]) => comparePut(table, { key, row }, found)), ...removed]
}

/** Whether everything of a record is newer than the full sync under way: a change brought it whole since that began. */
function isKnownSince(changeNo: string | undefined, { begin, touched }: OpenFill, key: string): boolean {
  return changeNo !== undefined && BigInt(changeNo) > BigInt(begin) && !touched.has(key)
}

async function lockRows(trx: Kysely<unknown>, table: EntityTable, keys: string[]): Promise<Found> {
  if (keys.length === 0) return new Map()
  const { rows } = await sql<{ _key: string; _change_no: string } & Record<string, unknown>>`
    select _key, _change_no, ${columnList(table)} from ${tableRef(table)} where _key = any(${keys})`.execute(trx)
  return new Map(rows.map(({ _key, _change_no, ...row }) => [_key, { changeNo: _change_no, row }]))
}

async function removeRows(trx: Kysely<unknown>, table: EntityTable, keys: string[]): Promise<AppliedChange[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<{ _key: string } & Record<string, unknown>>`
    delete from ${tableRef(table)} where _key = any(${keys}) returning _key, ${columnList(table)}`.execute(trx)
  return rows.map((row) => ({ entity: table.entity, key: row._key, before: readRow(table, row) }))
}

function comparePut(table: EntityTable, { key, row }: { key: string; row: StoredRow }, found: Found): AppliedChange[] {
  const before = found.get(key)?.row
  if (before && table.columns.every(({ name }) => before[name] === row[name])) return []
  const after = readRow(table, row)
  return [{ entity: table.entity, key, ...(before ? { before: readRow(table, before) } : {}), after }]
}
