import { type Kysely, sql } from 'kysely'
import type { Database } from '#platform/database'
import { type AuditEntry, firstHash, hashRow } from './audit-entry.ts'
import type { AuditTables } from './audit-table.ts'

/** An entry with when and in which trace it happened. */
export type DatedEntry = AuditEntry & { at: Date; traceId: string }

type ChainEnd = { id: number; hash: Buffer }

const chainLock = 7_146_201_124

/** Adds entries to the end of the chain, all or none, and returns the chain's new end. Only one writer at a time, in any process. */
export async function recordEntries(db: Database, entries: DatedEntry[]): Promise<ChainEnd> {
  return await db.kysely
    .withTables<AuditTables>()
    .transaction()
    .execute(async (transaction) => {
      await sql`select pg_advisory_xact_lock(${sql.lit(chainLock)})`.execute(transaction)
      const end = await readEnd(transaction)
      let { hash } = end
      const rows = entries.map((entry, index) => {
        const row = { ...entry, id: end.id + index + 1 }
        hash = hashRow(hash, row)
        return toColumns(row, hash)
      })
      await transaction.insertInto('audit_log').values(rows).execute()
      return { id: end.id + rows.length, hash }
    })
}

async function readEnd(db: Kysely<AuditTables>): Promise<ChainEnd> {
  const last = await db.selectFrom('audit_log').select(['id', 'hash']).orderBy('id', 'desc').limit(1).executeTakeFirst()
  return last ? { id: Number(last.id), hash: last.hash } : { id: 0, hash: firstHash }
}

function toColumns(
  { id, at, actorId, action, outcome, ip, traceId, details }: DatedEntry & { id: number },
  hash: Buffer,
) {
  return { id, at, actor_id: actorId, action, outcome, ip, trace_id: traceId, details: JSON.stringify(details), hash }
}
