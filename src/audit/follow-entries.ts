import type { Database } from '#platform/database'
import { redact } from '#platform/redact'
import type { AuditEntry } from './audit-entry.ts'
import type { AuditTables } from './audit-table.ts'

/** What of an entry may leave the database: no address and nothing of its sealed part. `hash` is its place in the chain, hex. */
export type OpenEntry = Pick<AuditEntry, 'actorId' | 'action' | 'outcome' | 'details'> & {
  id: number
  at: Date
  traceId: string
  hash: string
}

/** At most `limit` entries after the one with `id`, in order. The chain has one writer at a time, so that none comes in between later. */
export async function readEntriesAfter(database: Database, id: number, limit: number): Promise<OpenEntry[]> {
  const rows = await database.kysely
    .withTables<AuditTables>()
    .selectFrom('audit_log')
    .select(['id', 'at', 'actor_id', 'action', 'outcome', 'trace_id', 'details', 'hash'])
    .where('id', '>', String(id))
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(({ actor_id: actorId, trace_id: traceId, hash, ...row }) => ({
    ...{ id: Number(row.id), at: row.at, action: row.action, outcome: row.outcome, actorId, traceId },
    details: redact(row.details) as Record<string, unknown>,
    hash: hash.toString('hex'),
  }))
}

/** The number of the last entry; 0 when there is none. */
export async function readLastEntryId({ kysely }: Database): Promise<number> {
  const last = await kysely
    .withTables<AuditTables>()
    .selectFrom('audit_log')
    .select(({ fn }) => fn.max('id').as('id'))
    .executeTakeFirst()
  return Number(last?.id ?? 0)
}
