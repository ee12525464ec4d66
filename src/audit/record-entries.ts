import { type Kysely, sql } from 'kysely'
import { type AuditRow, firstHash, hashRow } from './audit-entry.ts'
import { type AuditTables, toColumns } from './audit-table.ts'

/** An entry with when and in which trace it happened, sealed, but without a place in the chain yet. */
export type SealedEntry = Omit<AuditRow, 'id'>

/** The last entry of the chain. */
export type ChainEnd = { id: number; hash: Buffer }

const chainLock = 7_146_201_124

/**
 * Adds entries to the end of the chain inside of `transaction`, and returns the chain's new end. Only one writer at a time, in
 * any process, from here to the transaction's end.
 */
export async function recordEntries(transaction: Kysely<AuditTables>, entries: SealedEntry[]): Promise<ChainEnd> {
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
}

async function readEnd(db: Kysely<AuditTables>): Promise<ChainEnd> {
  const last = await db.selectFrom('audit_log').select(['id', 'hash']).orderBy('id', 'desc').limit(1).executeTakeFirst()
  if (last) return { id: Number(last.id), hash: last.hash }
  // Every entry may have been removed for its age: the chain goes on from there.
  const removed = await db
    .selectFrom('audit_checkpoints')
    .select(['id', 'hash'])
    .where('removes_before', '=', true)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return removed ? { id: Number(removed.id), hash: removed.hash } : { id: 0, hash: firstHash }
}
