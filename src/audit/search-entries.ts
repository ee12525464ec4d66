import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import type { Database } from '#platform/database'
import { AppError } from '#platform/errors'
import type { ActorNames } from './actor-names.ts'
import type { AuditEntryBody, AuditFilters, AuditPage } from './api.ts'
import type { AuditRow } from './audit-entry.ts'
import { type AuditTables, readRow } from './audit-table.ts'
import { auditErrors } from './errors.ts'
import type { AuditSeal } from './seal-entry.ts'

export type SearchDeps = { database: Database; seal: AuditSeal; names: ActorNames }

const searchMs = 5_000
const queryCanceled = '57014'

/**
 * The entries that fit `filters`, the newest first, from the place `after` on. Throws AUDIT_CURSOR_INVALID, and AUDIT_SEARCH_TOO_SLOW
 * after 5 s.
 */
export async function searchEntries(
  deps: SearchDeps,
  filters: AuditFilters,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<AuditPage> {
  const place = after === undefined ? undefined : readCursor(after)
  const condition = await writeConditions(deps, filters)
  const found = await withinTime(deps.database, async (db) => {
    const ordered = condition(db).selectAll().orderBy('at', 'desc').orderBy('id', 'desc')
    const placed = place ? ordered.where(sql<boolean>`(at, id) < (${place.at}, ${place.id}::bigint)`) : ordered
    return await placed.limit(limit + 1).execute()
  })
  const rows = found.slice(0, limit).map(readRow)
  const last = rows.at(-1)
  return {
    entries: await describeRows(deps, rows),
    ...(found.length > limit && last && { next: formatCursor(last) }),
  }
}

/** Whether more than `most` entries fit `filters`. */
export async function isMoreThan(deps: SearchDeps, filters: AuditFilters, most: number): Promise<boolean> {
  const condition = await writeConditions(deps, filters)
  const found = await withinTime(deps.database, (db) => condition(db).select('id').offset(most).limit(1).execute())
  return found.length > 0
}

async function writeConditions({ seal, names }: SearchDeps, filters: AuditFilters) {
  const { person, action, outcome, ip, traceId, from, to } = filters
  const actors = person === undefined ? undefined : await names.findActors(person)
  const mark = ip === undefined ? undefined : await seal.markAddress(ip)
  return (db: Kysely<AuditTables>) => {
    let query = db.selectFrom('audit_log')
    if (actors) query = query.where('actor_id', 'in', actors)
    if (action !== undefined) query = query.where(sql<boolean>`starts_with(action, ${action})`)
    if (outcome !== undefined) query = query.where('outcome', '=', outcome)
    if (mark) query = query.where('ip_mark', '=', mark)
    if (traceId !== undefined) query = query.where('trace_id', '=', traceId)
    if (from !== undefined) query = query.where('at', '>=', new Date(from))
    if (to !== undefined) query = query.where('at', '<', new Date(to))
    return query
  }
}

async function withinTime<T>({ kysely }: Database, work: (db: Kysely<AuditTables>) => Promise<T>): Promise<T> {
  try {
    return await kysely
      .withTables<AuditTables>()
      .transaction()
      .execute(async (transaction) => {
        await sql`set local statement_timeout = ${sql.lit(searchMs)}`.execute(transaction)
        return await work(transaction)
      })
  } catch (error) {
    const isLate = error instanceof Error && 'code' in error && error.code === queryCanceled
    throw isLate ? new AppError(auditErrors.tooSlow, { cause: error }) : error
  }
}

async function describeRows({ seal, names }: SearchDeps, rows: AuditRow[]): Promise<AuditEntryBody[]> {
  const ids = new Set(rows.flatMap(({ actorId }) => (actorId === null ? [] : [actorId])))
  const known = await names.namesOf([...ids])
  return await Promise.all(
    rows.map(async ({ id, at, actorId, action, outcome, ip: plainIp, traceId, details, sealed }) => {
      const { ip, personal } = sealed ? await seal.open(sealed) : { ip: plainIp }
      const name = actorId === null ? undefined : known.get(actorId)
      return {
        ...{ id, at: at.toISOString(), action, outcome, traceId, details },
        ...(actorId !== null && { actor: { id: actorId, ...(name !== undefined && { name }) } }),
        ...(ip !== null && { ip }),
        ...(personal && { personal }),
      }
    }),
  )
}

const placeSchema = z.tuple([z.iso.datetime(), z.number().int().min(1).max(Number.MAX_SAFE_INTEGER)])

function formatCursor({ at, id }: AuditRow): string {
  return Buffer.from(JSON.stringify([at.toISOString(), id])).toString('base64url')
}

function readCursor(text: string): { at: Date; id: number } {
  try {
    const [at, id] = placeSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    return { at: new Date(at), id }
  } catch (cause) {
    throw new AppError(auditErrors.cursorInvalid, { cause })
  }
}
