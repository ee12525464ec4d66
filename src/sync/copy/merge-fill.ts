import { type Kysely, type RawBuilder, sql } from 'kysely'
import { AppError } from '#platform/errors'
import type { Difference, FillReport } from './copy.ts'
import { columnList, type EntityTable, stagingRef, tableRef } from './entity-table.ts'
import { copyErrors } from './errors.ts'
import { type Fill, lockEntity, lockFill, removeFill } from './fill-entity.ts'
import { indexPeriod } from './prepare-tables.ts'

/** How many records of each kind a report tells of. */
const shownDifferences = 20
/** What a person can be reached by stays out of reports. */
const personal: readonly string[] = ['phone', 'email']

/**
 * Makes the staged records the entity's, in a transaction that readers see whole or not at all. What changes have brought since
 * the full sync began is newer than what it read and stays.
 */
export async function mergeFill(trx: Kysely<unknown>, table: EntityTable, run: string): Promise<FillReport> {
  const { entity } = table
  await lockEntity(trx, entity)
  const fill = await lockFill(trx, entity, run)
  if (!fill.isRead) throw new AppError(copyErrors.fillLost, { cause: new Error('not read to the end') })
  const main = tableRef(table)
  const staged = stagingRef(table)
  await indexKeys(trx, table)
  await sql`analyze ${staged}`.execute(trx)
  await overlayTouched(trx, table)
  const kept = await leaveNewer(trx, table, fill)
  const wasFilled = await isFilled(trx, entity)
  if (!wasFilled && (await isEmpty(trx, table))) {
    const added = await becomeTable(trx, table)
    await finish(trx, table, fill)
    if (added > 0) await sql`select pg_notify('copy_changed', ${entity})`.execute(trx)
    return { added, changed: 0, removed: 0, kept, differences: [] }
  }
  const found = await findDifferences(trx, table, fill)
  // A first full sync finds everything missing: that tells nobody anything.
  const differences = wasFilled && found > 0 ? await listDifferences(trx, table) : []
  const is = (kind: string) => sql`exists (select from fill_differences d where d._key = m._key and d.kind = ${kind})`
  const removed = await count(trx, sql`delete from ${main} m where ${is('surplus')}`)
  const sets = sql.join(table.columns.map(({ name }) => sql`${sql.id(name)} = ${sql.id('s', name)}`))
  const changed = await count(
    trx,
    sql`
      update ${main} m set _change_no = s._change_no, ${sets}
      from ${staged} s join fill_differences d using (_key) where s._key = m._key and d.kind = 'field'`,
  )
  const added = await count(
    trx,
    sql`
      insert into ${main} (_key, _change_no, ${columnList(table)})
      select _key, _change_no, ${columnList(table)} from ${staged} s
      where exists (select from fill_differences d where d._key = s._key and d.kind = 'missing')`,
  )
  await finish(trx, table, fill)
  if (added + changed + removed > 0) await sql`select pg_notify('copy_changed', ${entity})`.execute(trx)
  return { added, changed, removed, kept, differences }
}

/** Of a record that came on two pages, because it moved while it was read, the later counts. */
async function indexKeys(trx: Kysely<unknown>, table: EntityTable): Promise<void> {
  const staged = stagingRef(table)
  const addKey = sql`alter table ${staged} add constraint ${sql.id(`${table.entity}_fill_pkey`)} primary key (_key)`
  await sql`set local maintenance_work_mem = '128MB'`.execute(trx)
  await sql`savepoint unindexed`.execute(trx)
  try {
    await addKey.execute(trx)
  } catch (error) {
    if (!isTwice(error)) throw error
    await sql`rollback to savepoint unindexed`.execute(trx)
    await sql`
      delete from ${staged} s using (
        select _key, max(ctid) as latest from ${staged} group by _key having count(*) > 1
      ) twice where s._key = twice._key and s.ctid <> twice.latest`.execute(trx)
    await addKey.execute(trx)
  }
}

/** PostgreSQL's unique_violation. */
const isTwice = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '23505'

/**
 * Holds what was staged against what there is, once: it is by far the most work where little has changed. How many records
 * differ; which of them and how is in `fill_differences` until the transaction ends.
 */
async function findDifferences(trx: Kysely<unknown>, table: EntityTable, { begin }: Fill): Promise<number> {
  // Enough for the keys of a million records, so that they are not joined by way of the disk.
  await sql`set local work_mem = '128MB'`.execute(trx)
  await sql`
    create temporary table fill_differences on commit drop as
    select _key, case when m._change_no is null then 'missing' when s._change_no is null then 'surplus' else 'field' end as kind
    from ${tableRef(table)} m full join ${stagingRef(table)} s using (_key)
    where (s._change_no is not null or m._change_no <= ${sql.lit(begin)}::bigint)
      and (${columnList(table, 'm')}, m._change_no is null) is distinct from (${columnList(table, 's')}, s._change_no is null)`.execute(
    trx,
  )
  await sql`analyze fill_differences`.execute(trx)
  const { rows } = await sql<{ count: string }>`select count(*) from fill_differences`.execute(trx)
  return Number(rows[0]?.count ?? 0)
}

/** Fields that changes brought alone since the full sync began, over those that it read. */
async function overlayTouched(trx: Kysely<unknown>, table: EntityTable): Promise<void> {
  const { entity, columns } = table
  const { rows } = await sql`select from copy_touched where entity = ${entity} limit 1`.execute(trx)
  if (rows.length === 0) return
  const sets = sql.join(
    columns.map(
      ({ name, sqlType }) => sql`${sql.id(name)} = case when t.fields ? ${sql.lit(name)}
        then (t.fields ->> ${sql.lit(name)})::${sql.raw(sqlType)} else ${sql.id('s', name)} end`,
    ),
  )
  await sql`
    update ${stagingRef(table)} s set _change_no = t.change_no, ${sets}
    from copy_touched t where t.entity = ${entity} and t.key = s._key`.execute(trx)
}

/** Takes out of the staged records those that changes have removed or brought whole since; how many they were. */
async function leaveNewer(trx: Kysely<unknown>, table: EntityTable, { begin }: Fill): Promise<number> {
  const { entity } = table
  const gone = await count(
    trx,
    sql`
      delete from ${stagingRef(table)} s using copy_removed r
      where r.entity = ${entity} and r.key = s._key and r.change_no > ${begin}::bigint`,
  )
  const newer = sql`
    m._change_no > ${begin}::bigint
    and not exists (select from copy_touched t where t.entity = ${entity} and t.key = m._key)`
  await sql`delete from ${stagingRef(table)} s using ${tableRef(table)} m where m._key = s._key and ${newer}`.execute(
    trx,
  )
  const { rows } = await sql<{ count: string }>`select count(*) from ${tableRef(table)} m where ${newer}`.execute(trx)
  return gone + Number(rows[0]?.count ?? 0)
}

async function isEmpty(trx: Kysely<unknown>, table: EntityTable): Promise<boolean> {
  const { rows } = await sql`select from ${tableRef(table)} limit 1`.execute(trx)
  return rows.length === 0
}

/** The first full sync: what was staged takes the empty table's place, which is far quicker than a million inserts. */
async function becomeTable(trx: Kysely<unknown>, table: EntityTable): Promise<number> {
  const { entity } = table
  await sql`drop table ${tableRef(table)}`.execute(trx)
  await sql`alter table ${stagingRef(table)} rename to ${sql.id(entity)}`.execute(trx)
  await sql`alter table ${tableRef(table)} reset (autovacuum_enabled)`.execute(trx)
  await sql`alter index ${sql.id('copy', `${entity}_fill_pkey`)} rename to ${sql.id(`${entity}_pkey`)}`.execute(trx)
  await indexPeriod(trx, table)
  const { rows } = await sql<{ count: string }>`select count(*) from ${tableRef(table)}`.execute(trx)
  return Number(rows[0]?.count ?? 0)
}

async function finish(trx: Kysely<unknown>, table: EntityTable, { begin, asOf }: Fill): Promise<void> {
  await removeFill(trx, table)
  await sql`analyze ${tableRef(table)}`.execute(trx)
  // What was found out after the full sync began may be of records that it had read before.
  const isMended = sql`coalesce(distrusted_no, 0) <= ${begin}::bigint`
  await sql`
    update copy_entities set
      filled_at = now(), as_of = ${asOf?.toISOString() ?? null}::timestamptz, fill_no = fill_no + 1,
      records = (select count(*) from ${tableRef(table)}),
      distrusted_at = case when ${isMended} then null else distrusted_at end,
      distrusted_reason = case when ${isMended} then null else distrusted_reason end
    where entity = ${table.entity}`.execute(trx)
}

async function isFilled(trx: Kysely<unknown>, entity: string): Promise<boolean> {
  const { rows } = await sql`
    select from copy_entities where entity = ${entity} and filled_at is not null`.execute(trx)
  return rows.length > 0
}

async function count(trx: Kysely<unknown>, statement: RawBuilder<unknown>): Promise<number> {
  const { numAffectedRows } = await statement.execute(trx)
  return Number(numAffectedRows ?? 0n)
}

async function listDifferences(trx: Kysely<unknown>, table: EntityTable): Promise<Difference[]> {
  const limit = sql.lit(shownDifferences)
  const keysOf = async (kind: 'surplus' | 'missing') => {
    const { rows } = await sql<{ key: string }>`
      select _key as key from fill_differences where kind = ${kind} order by _key limit ${limit}`.execute(trx)
    return rows.map(({ key }): Difference => ({ key, kind }))
  }
  const own = sql.join(table.columns.map(({ name }) => sql`${sql.id('m', name)}::text as ${sql.id(`m ${name}`)}`))
  const theirs = sql.join(table.columns.map(({ name }) => sql`${sql.id('s', name)}::text as ${sql.id(`s ${name}`)}`))
  const { rows } = await sql<Record<string, string | null> & { key: string }>`
    select m._key as key, ${own}, ${theirs}
    from (select _key from fill_differences where kind = 'field' order by _key limit ${limit}) d
    join ${tableRef(table)} m using (_key) join ${stagingRef(table)} s using (_key) order by m._key`.execute(trx)
  return [
    ...(await keysOf('surplus')),
    ...(await keysOf('missing')),
    ...rows.flatMap((row) => compareFields(table, row)),
  ]
}

function compareFields({ columns }: EntityTable, row: Record<string, string | null> & { key: string }): Difference[] {
  return columns.flatMap(({ name, type }): Difference[] => {
    const [copy = null, erp = null] = [row[`m ${name}`], row[`s ${name}`]]
    if (copy === erp) return []
    const field: Difference = { key: row.key, kind: 'field', field: name }
    return [personal.includes(type) ? field : { ...field, copy, erp }]
  })
}
