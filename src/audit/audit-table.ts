import type { ColumnType } from 'kysely'
import type { AuditEntry, AuditRow } from './audit-entry.ts'

/** The table of migration 001. */
export type AuditTables = {
  audit_log: {
    /** `bigint`, which arrives as a string. */
    id: ColumnType<string, number, never>
    at: Date
    actor_id: string | null
    action: string
    outcome: AuditEntry['outcome']
    ip: string | null
    trace_id: string
    details: ColumnType<Record<string, unknown>, string, never>
    hash: Buffer
  }
}

type StoredRow = {
  id: string
  at: Date
  actor_id: string | null
  action: string
  outcome: AuditEntry['outcome']
  ip: string | null
  trace_id: string
  details: Record<string, unknown>
}

export function readRow({ id, actor_id, trace_id, at, action, outcome, ip, details }: StoredRow): AuditRow {
  return { id: Number(id), at, actorId: actor_id, action, outcome, ip, traceId: trace_id, details }
}
