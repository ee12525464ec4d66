import { sql } from 'kysely'
import type { Database } from '#platform/database'
import type { AuditVerification } from './api.ts'
import type { AuditVerdict } from './verify-audit.ts'

/** `checkedAt` is ISO, and absent from what an older version kept. */
type Report = AuditVerdict & { checkedAt?: string }
type Row = { report: Report | null; whole_at: Date | null }

/** What the last verification found. */
export async function readVerification({ kysely: db }: Database): Promise<AuditVerification> {
  const { rows } = await sql<Row>`select report, whole_at from audit_verification`.execute(db)
  const { report, whole_at: wholeAt } = rows[0] ?? {}
  if (!report) return { state: 'unknown' }
  const dates = {
    ...(report.checkedAt !== undefined && { checkedAt: new Date(report.checkedAt).toISOString() }),
    ...(wholeAt && { wholeAt: wholeAt.toISOString() }),
  }
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
    returning report, whole_at`.execute(db)
  return rows[0] && { last: rows[0].report, wholeAt: rows[0].whole_at }
}

/** Keeps what a verification that has just ended found. */
export async function keepVerification(
  { kysely: db }: Database,
  verdict: AuditVerdict,
  isWhole: boolean,
): Promise<void> {
  await sql`
    update audit_verification
    set report = ${JSON.stringify(verdict)}::jsonb || jsonb_build_object('checkedAt', now()), whole_at = case when ${isWhole} then now() else whole_at end`.execute(
    db,
  )
}
