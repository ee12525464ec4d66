import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import type { Database } from '#platform/database'
import { AppError } from '#platform/errors'
import { createListCursor, placedAt } from '#platform/list-cursor'
import type { ActorNames } from './actor-names.ts'
import type { AuditEntryBody, AuditFilters, AuditPage } from './api.ts'
import type { AuditRow } from './audit-entry.ts'
import { type AuditTables, readRow } from './audit-table.ts'
import { auditErrors } from './errors.ts'
import type { AuditSeal } from './seal-entry.ts'

export type SearchDeps = { database: Database; seal: AuditSeal; names: ActorNames }

type Place = { at: Date; id: number }

/** A search whose conditions stand: whoever joins or is renamed meanwhile changes nothing in it. */
export type AuditSearch = {
  /** The ids that `person` stands for; undefined when the search is not for a person. */
  actors: string[] | undefined
  /** The entries that fit, the newest first, from the place `after` on. Throws AUDIT_SEARCH_TOO_SLOW after 5 s. */
  readPage(after: Place | undefined, limit: number): Promise<{ entries: AuditEntryBody[]; next: Place | undefined }>
  /** Whether more than `most` entries fit. Throws AUDIT_SEARCH_TOO_SLOW. */
  isMoreThan(most: number): Promise<boolean>
}

const searchMs = 5_000
const queryCanceled = '57014'
/** An answer that left out people would look whole. */
const mostActors = 100

const cursor = createListCursor(
  z.object({
    at: placedAt,
    id: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
    actors: z.array(z.string().max(200)).max(mostActors).optional(),
  }),
  auditErrors.cursorInvalid,
)

/**
 * A page of the entries that fit `filters`, the newest first, from the place `after` on, which also says who was found on the first page.
 * Throws AUDIT_CURSOR_INVALID, AUDIT_PERSON_UNCLEAR, and AUDIT_SEARCH_TOO_SLOW after 5 s.
 */
export async function searchEntries(
  deps: SearchDeps,
  filters: AuditFilters,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<AuditPage> {
  const place = after === undefined ? undefined : cursor.read(after)
  const search = await openSearch(deps, filters, place?.actors)
  const { entries, next } = await search.readPage(place, limit)
  return { entries, ...(next && { next: cursor.format({ ...next, actors: search.actors }) }) }
}

/** A search for `filters`; `actors` are who was found for its person before. Throws AUDIT_PERSON_UNCLEAR. */
export async function openSearch(deps: SearchDeps, filters: AuditFilters, actors?: string[]): Promise<AuditSearch> {
  const { database } = deps
  const found = filters.person === undefined ? undefined : (actors ?? (await findActors(deps, filters.person)))
  const condition = await writeConditions(deps, filters, found)
  return {
    actors: found,
    async readPage(after, limit) {
      const stored = await withinTime(database, async (db) => {
        const ordered = condition(db).selectAll().orderBy('at', 'desc').orderBy('id', 'desc')
        const placed = after ? ordered.where(sql<boolean>`(at, id) < (${after.at}, ${after.id}::bigint)`) : ordered
        return await placed.limit(limit + 1).execute()
      })
      const rows = stored.slice(0, limit).map(readRow)
      const last = stored.length > limit ? rows.at(-1) : undefined
      return { entries: await describeRows(deps, rows), next: last && { at: last.at, id: last.id } }
    },
    async isMoreThan(most) {
      const beyond = await withinTime(database, (db) => condition(db).select('id').offset(most).limit(1).execute())
      return beyond.length > 0
    },
  }
}

/** Whoever is known no more is found by their id alone. */
async function findActors({ names }: SearchDeps, person: string): Promise<string[]> {
  const found = await names.findActors(person, mostActors + 1)
  if (found.length > mostActors) throw new AppError(auditErrors.personUnclear, { params: { max: mostActors } })
  return found.length > 0 ? found : [person]
}

async function writeConditions({ seal }: SearchDeps, filters: AuditFilters, actors: string[] | undefined) {
  const { action, outcome, ip, traceId, from, to } = filters
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
