import { type Kysely, sql } from 'kysely'
import type { Catalog } from '#catalog'
import { type Database, openDatabase } from '#platform/database'
import type { Logger } from '#platform/log'
import { applyChanges } from './apply-changes.ts'
import type { Copy, Position } from './copy.ts'
import { type EntityTable, entityTables } from './entity-table.ts'
import { abandonFill, beginFill, stagePage } from './fill-entity.ts'
import { mergeFill } from './merge-fill.ts'
import { prepareTables } from './prepare-tables.ts'
import { readCopyState } from './read-state.ts'

type Deps = { database: Database; catalog: Catalog; log: Logger }

/** For a merge of millions of records, or an index on them. */
const longWorkMs = 15 * 60_000

/** The copy in our PostgreSQL: one table an entity, in the schema `copy`. */
export function createCopy({ database, catalog, log: parent }: Deps): Copy {
  const log = parent.child({ 'event.module': 'sync' })
  const db = database.kysely
  const tables = entityTables(catalog)
  const tableOf = (entity: string): EntityTable => {
    const table = tables.get(entity)
    if (!table) throw new Error(`There is no copy of '${entity}'`)
    return table
  }
  const inTransaction = <T>(work: (trx: Kysely<unknown>) => Promise<T>) => db.transaction().execute(work)

  /** On a connection of its own: the pool's have a deadline that is meant for questions. */
  async function workLong<T>(work: (own: Kysely<unknown>) => Promise<T>): Promise<T> {
    await using own = openDatabase({ url: database.url, log, poolSize: 1, statementTimeoutMs: longWorkMs })
    return await work(own.kysely)
  }

  return {
    prepare: () => workLong((own) => prepareTables(own, tables, log)),
    apply: (changes, position) => inTransaction((trx) => applyChanges(trx, tables, changes, position)),
    readPosition: (source) => readPosition(db, source),
    distrust: (entities, reason) => distrust(db, entities, reason),
    beginFill: (run, entity) => inTransaction((trx) => beginFill(trx, tableOf(entity), run)),
    stage: (run, entity, page) => inTransaction((trx) => stagePage(trx, tableOf(entity), { run, page })),
    finishFill: (run, entity) =>
      workLong((own) => own.transaction().execute((trx) => mergeFill(trx, tableOf(entity), run))),
    abandonFill: (run, entity) => inTransaction((trx) => abandonFill(trx, tableOf(entity), run)),
    state: () => readCopyState(db),
  }
}

async function readPosition(db: Kysely<unknown>, source: string): Promise<Position | undefined> {
  const { rows } = await sql<{ position: string; at: Date; follows: string[] }>`
    select position, at, follows from copy_positions where source = ${source}`.execute(db)
  const [found] = rows
  return found && { source, position: found.position, at: found.at.toISOString(), follows: found.follows }
}

async function distrust(db: Kysely<unknown>, entities: readonly string[] | 'all', reason: string): Promise<void> {
  const which = entities === 'all' ? sql`true` : sql`entity = any(${[...entities]})`
  await sql`
    update copy_entities set distrusted_at = now(), distrusted_no = nextval('copy_change_no'), distrusted_reason = ${reason}
    where ${which}`.execute(db)
}
