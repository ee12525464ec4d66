import { type Kysely, sql } from 'kysely'
import type { Logger } from '#platform/log'
import { type EntityTable, tableRef } from './entity-table.ts'
import { removeFill } from './fill-entity.ts'

/** The number of the lock on which processes that start together take turns. */
const prepareLock = 7_146_201_128

/**
 * Makes and changes the entities' tables. One whose shape is another than before keeps its rows but is not filled any more: what
 * they hold is not what the catalog means now. What the catalog no longer has is removed.
 */
export async function prepareTables(db: Kysely<unknown>, tables: Map<string, EntityTable>, log: Logger): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${sql.lit(prepareLock)})`.execute(trx)
    const known = await readShapes(trx)
    const isFit = [...tables.values()].every(({ entity, shape }) => known.get(entity) === shape)
    if (isFit && known.size === tables.size) return
    // In the order of their names, as changes lock them, so that nobody waits in a circle.
    await sql`select from copy_entities order by entity for no key update`.execute(trx)
    for (const [entity, table] of tables) {
      const shape = known.get(entity)
      if (shape === table.shape) continue
      await fitTable(trx, table)
      await sql`
        insert into copy_entities (entity, shape) values (${entity}, ${table.shape})
        on conflict (entity) do update set shape = excluded.shape, filled_at = null`.execute(trx)
      await removeFill(trx, table)
      if (shape !== undefined)
        log.warn({ 'copy.entity': entity }, 'The copy of an entity needs a full sync: its shape changed')
    }
    for (const entity of [...known.keys()].filter((name) => !tables.has(name))) await dropEntity(trx, entity)
  })
}

async function readShapes(db: Kysely<unknown>): Promise<Map<string, string>> {
  const { rows } = await sql<{ entity: string; shape: string }>`select entity, shape from copy_entities`.execute(db)
  return new Map(rows.map(({ entity, shape }) => [entity, shape]))
}

/** Columns that are there, missing or of another type: the last lose what they held. */
async function fitTable(db: Kysely<unknown>, table: EntityTable): Promise<void> {
  await sql`
    create table if not exists ${tableRef(table)} (
      _key text collate "C" primary key,
      _change_no bigint not null default 0
    )`.execute(db)
  const { rows } = await sql<{ name: string; type: string }>`
    select column_name as name, data_type as type from information_schema.columns
    where table_schema = 'copy' and table_name = ${table.entity} and column_name not in ('_key', '_change_no')`.execute(
    db,
  )
  const wanted = new Map(table.columns.map(({ name, sqlType }) => [name, sqlType]))
  const kept = new Set<string>()
  for (const { name, type } of rows) {
    if (wanted.get(name) === type) kept.add(name)
    else await sql`alter table ${tableRef(table)} drop column ${sql.id(name)}`.execute(db)
  }
  for (const [name, type] of wanted) {
    if (kept.has(name)) continue
    const collation = type === 'text' ? sql` collate "C"` : sql``
    await sql`alter table ${tableRef(table)} add column ${sql.id(name)} ${sql.raw(type)}${collation}`.execute(db)
  }
  await indexPeriod(db, table)
}

/** The index by which a period of an entity is found. */
export async function indexPeriod(db: Kysely<unknown>, table: EntityTable): Promise<void> {
  if (table.period === undefined || !table.columns.some(({ name }) => name === table.period)) return
  const index = sql.id(`${table.entity}_${table.period}`)
  await sql`create index if not exists ${index} on ${tableRef(table)} (${sql.id(table.period)})`.execute(db)
}

async function dropEntity(db: Kysely<unknown>, entity: string): Promise<void> {
  await removeFill(db, { entity })
  await sql`drop table if exists ${tableRef({ entity })}`.execute(db)
  await sql`delete from copy_entities where entity = ${entity}`.execute(db)
}
