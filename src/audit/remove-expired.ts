import { sql } from 'kysely'
import type { Database } from '#platform/database'
import { removeUnusedKeys } from './audit-keys.ts'
import type { AuditLog } from './audit-log.ts'
import type { AuditTables } from './audit-table.ts'
import type { AuditSeal } from './seal-entry.ts'

type Deps = { database: Database; seal: Pick<AuditSeal, 'markCheckpoint'>; audit: Pick<AuditLog, 'recordWith'> }

const chunk = 5_000

/**
 * Removes entries that were made before `cutoff` and tells how many. The chain goes on from a signed checkpoint in their place, which
 * is on record itself; the database refuses to remove anything else. A month's key goes about a month after its last entry. Call it when the whole trail has just been verified.
 */
export async function removeExpiredEntries(deps: Deps, cutoff: Date): Promise<number> {
  const { kysely: db } = deps.database
  const { rows } = await sql<{ id: string | null }>`
    select coalesce(
      (select id - 1 from audit_log where at >= ${cutoff} order by id limit 1),
      (select max(id) from audit_log)) as id`.execute(db)
  const last = Number(rows[0]?.id ?? 0)
  await makeCheckpoint(deps, last)
  // What an earlier call did not come to remove goes too.
  let removed = 0
  for (;;) {
    const { numAffectedRows = 0n } = await sql`
      delete from audit_log where id in (
        select id from audit_log
        where id <= (select max(id) from audit_checkpoints where removes_before)
        order by id limit ${chunk})`.execute(db)
    removed += Number(numAffectedRows)
    if (numAffectedRows < BigInt(chunk)) break
  }
  await removeUnusedKeys(deps.database)
  return removed
}

async function makeCheckpoint({ database, seal, audit }: Deps, last: number): Promise<void> {
  const db = database.kysely.withTables<AuditTables>()
  const row = await db.selectFrom('audit_log').select('hash').where('id', '=', String(last)).executeTakeFirst()
  if (!row) return
  const { hash } = row
  const mark = await seal.markCheckpoint({ id: last, hash, removesBefore: true })
  await db.transaction().execute(async (transaction) => {
    const { numInsertedOrUpdatedRows } = await transaction
      .insertInto('audit_checkpoints')
      .values({ id: last, hash, removes_before: true, mark, made_at: new Date() })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (!numInsertedOrUpdatedRows) return
    const details = { upTo: last, hash: hash.toString('hex') }
    await audit.recordWith(transaction, { actorId: null, action: 'audit.remove', outcome: 'ok', ip: null, details })
  })
}
