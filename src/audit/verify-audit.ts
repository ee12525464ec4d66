import type { Database } from '#platform/database'
import { firstHash, hashRow } from './audit-entry.ts'
import { type AuditTables, readRow } from './audit-table.ts'

/** Whether the trail is as it was written. `id` is the first entry that is missing, altered or out of place. */
export type AuditVerdict =
  | { kind: 'intact'; entries: number; lastHash: string }
  | { kind: 'broken'; id: number; reason: 'missing' | 'altered' }

const pageSize = 1_000

/** Walks the whole chain, a page at a time. Entries cut off its very end do not show: compare the count with the log's. */
export async function verifyAudit(db: Database): Promise<AuditVerdict> {
  const audit = db.kysely.withTables<AuditTables>()
  let lastId = 0
  let hash = firstHash
  for (;;) {
    const page = await audit
      .selectFrom('audit_log')
      .selectAll()
      .where('id', '>', String(lastId))
      .orderBy('id')
      .limit(pageSize)
      .execute()
    for (const stored of page) {
      const row = readRow(stored)
      if (row.id !== lastId + 1) return { kind: 'broken', id: lastId + 1, reason: 'missing' }
      const expected = hashRow(hash, row)
      if (!expected.equals(stored.hash)) return { kind: 'broken', id: row.id, reason: 'altered' }
      lastId = row.id
      hash = expected
    }
    if (page.length < pageSize) return { kind: 'intact', entries: lastId, lastHash: hash.toString('hex') }
  }
}
