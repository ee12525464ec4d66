import { sql } from 'kysely'
import type { Database } from '#platform/database'
import type { AuditVerification } from './api.ts'
import type { AuditVerdict } from './verify-audit.ts'

type Row = { report: AuditVerdict | null; claimed_at: Date; whole_at: Date | null }

/** What the last verification found. */
export async function readVerification({ kysely: db }: Database): Promise<AuditVerification> {
  const { rows } = await sql<Row>`select report, claimed_at, whole_at from audit_verification`.execute(db)
  const { report, claimed_at: checkedAt, whole_at: wholeAt } = rows[0] ?? {}
  if (!report || !checkedAt) return { state: 'unknown' }
  const dates = { checkedAt: checkedAt.toISOString(), ...(wholeAt && { wholeAt: wholeAt.toISOString() }) }
  if (report.kind === 'broken') return { state: 'broken', ...dates, broken: { id: report.id, reason: report.reason } }
  return { state: 'intact', ...dates, lastId: report.lastId, lastHash: report.lastHash }
}

/** Takes the next verification upon itself when none was begun within `everyMs`: of several replicas one does. Tells what the last one found. */
export async function claimVerification(
  { kysely: db }: Database,
  everyMs: number,
): Promise<{ last: AuditVerdict | null; wholeAt: Date | null } | undefined> {
  const { rows } = await sql<Row>`
    update audit_verification set claimed_at = now()
    where claimed_at <= now() - ${everyMs} * interval '1 millisecond'
    returning report, claimed_at, whole_at`.execute(db)
  return rows[0] && { last: rows[0].report, wholeAt: rows[0].whole_at }
}

export async function keepVerification(
  { kysely: db }: Database,
  verdict: AuditVerdict,
  isWhole: boolean,
): Promise<void> {
  await sql`
    update audit_verification
    set report = ${JSON.stringify(verdict)}, whole_at = case when ${isWhole} then now() else whole_at end`.execute(db)
}
