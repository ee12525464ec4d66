import { type Kysely, sql } from 'kysely'
import { AppError } from '#platform/errors'
import type { CopyPage } from './copy.ts'
import { type EntityTable, stagingRef, tableRef } from './entity-table.ts'
import { copyErrors } from './errors.ts'
import { insertStatement, storeRecords } from './write-records.ts'

/** A full sync under way. */
export type Fill = { run: string; cursor: string | null; isRead: boolean; begin: string; asOf: Date | null }

/** Opens or goes on with a run's full sync of an entity, in a transaction; another run's is given up. */
export async function beginFill(
  trx: Kysely<unknown>,
  table: EntityTable,
  run: string,
): Promise<{ cursor: string | undefined; isRead: boolean }> {
  const { entity } = table
  await lockEntity(trx, entity)
  const open = await findFill(trx, entity)
  if (open?.run === run) return { cursor: open.cursor ?? undefined, isRead: open.isRead }
  await removeFill(trx, table)
  // Rows only: indexes are of no use before they are merged, and built quicker at once then. Autovacuum would only get in the way.
  await sql`
    create table ${stagingRef(table)} (like ${tableRef(table)} including defaults)
    with (autovacuum_enabled = false)`.execute(trx)
  await sql`
    insert into copy_fills (entity, run, begin_change_no) values (${entity}, ${run}, nextval('copy_change_no'))`.execute(
    trx,
  )
  return { cursor: undefined, isRead: false }
}

/**
 * Keeps one page and where the next begins, all or nothing: in one statement, because there are hundreds of pages and each
 * round trip counts. Throws COPY_FILL_LOST, or COPY_VALUE.
 */
export async function stagePage(
  db: Kysely<unknown>,
  table: EntityTable,
  { run, page }: { run: string; page: CopyPage },
): Promise<void> {
  const rows = storeRecords(table, page.records)
  const staged = insertStatement(table, {
    ...{ into: stagingRef(table), rows, changeNo: '0' },
    when: sql`exists (select from fill)`,
  })
  const { rows: kept } = await sql`
    with fill as (
      update copy_fills set cursor = ${page.next ?? null}, is_read = ${page.next === undefined},
        as_of = least(as_of, ${page.asOf}::timestamptz)
      where entity = ${table.entity} and run = ${run} returning entity
    ), staged as (${staged})
    select from fill`
    .execute(db)
    .catch((cause: unknown) => {
      throw isGone(cause) ? new AppError(copyErrors.fillLost, { cause }) : cause
    })
  if (kept.length === 0) throw new AppError(copyErrors.fillLost)
}

/** Whether PostgreSQL has no such table, or no such column in it: whoever took over or changed the shape removed them. */
function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '42P01' || error.code === '42703')
}

/** Gives up a run's full sync of an entity; one that another run has taken over is that one's. */
export async function abandonFill(trx: Kysely<unknown>, table: EntityTable, run: string): Promise<void> {
  await lockEntity(trx, table.entity)
  if ((await findFill(trx, table.entity))?.run === run) await removeFill(trx, table)
}

/** Removes a full sync and what it and the changes kept for it. */
export async function removeFill(trx: Kysely<unknown>, { entity }: Pick<EntityTable, 'entity'>): Promise<void> {
  // The table first: who is about to stage a page has it, and would wait for the row in its turn.
  await sql`drop table if exists ${stagingRef({ entity })}`.execute(trx)
  for (const table of ['copy_fills', 'copy_removed', 'copy_touched'])
    await sql`delete from ${sql.id(table)} where entity = ${entity}`.execute(trx)
}

/** Keeps changes of the entity, and other full syncs of it, out until the transaction ends; not its readers. */
export async function lockEntity(trx: Kysely<unknown>, entity: string): Promise<void> {
  await sql`select from copy_entities where entity = ${entity} for no key update`.execute(trx)
}

/** The run's own full sync, held until the transaction ends. Throws COPY_FILL_LOST when it is not the run's any more. */
export async function lockFill(trx: Kysely<unknown>, entity: string, run: string): Promise<Fill> {
  await sql`lock table ${stagingRef({ entity })} in access exclusive mode`.execute(trx).catch((cause: unknown) => {
    throw isGone(cause) ? new AppError(copyErrors.fillLost, { cause }) : cause
  })
  const fill = await findFill(trx, entity, sql`for update`)
  if (fill?.run !== run) throw new AppError(copyErrors.fillLost)
  return fill
}

async function findFill(trx: Kysely<unknown>, entity: string, locking = sql``): Promise<Fill | undefined> {
  const { rows } = await sql<Fill>`
    select run, cursor, is_read as "isRead", begin_change_no as begin, as_of as "asOf"
    from copy_fills where entity = ${entity} ${locking}`.execute(trx)
  return rows[0]
}
