import type { ColumnType } from 'kysely'
import type { AuditEntry, AuditRow } from './audit-entry.ts'

/** The tables of migrations 001 and 012. `bigint` arrives as a string. */
export type AuditTables = {
  audit_log: {
    id: ColumnType<string, number, never>
    at: Date
    actor_id: string | null
    action: string
    outcome: AuditEntry['outcome']
    ip: string | null
    trace_id: string
    details: ColumnType<Record<string, unknown>, string, never>
    ref: string | null
    ip_mark: Buffer | null
    sealed: Buffer | null
    hash: Buffer
  }
  audit_checkpoints: {
    id: ColumnType<string, number, never>
    hash: Buffer
    removes_before: boolean
    mark: Buffer
    made_at: Date
  }
}

export type StoredRow = {
  id: string
  at: Date
  actor_id: string | null
  action: string
  outcome: AuditEntry['outcome']
  ip: string | null
  trace_id: string
  details: Record<string, unknown>
  ref: string | null
  ip_mark: Buffer | null
  sealed: Buffer | null
}

export function readRow(row: StoredRow): AuditRow {
  const { id, at, action, outcome, ip, details, ref, ip_mark: ipMark, sealed: content } = row
  const sealed = ref !== null && content !== null ? { ref, ipMark, content } : null
  return { id: Number(id), at, actorId: row.actor_id, action, outcome, ip, traceId: row.trace_id, details, sealed }
}

export function toColumns(row: AuditRow, hash: Buffer) {
  const { id, at, actorId, action, outcome, ip, traceId, sealed } = row
  return {
    ...{ id, at, actor_id: actorId, action, outcome, ip, trace_id: traceId, hash },
    details: JSON.stringify(row.details),
    ref: sealed?.ref ?? null,
    ip_mark: sealed?.ipMark ?? null,
    sealed: sealed?.content ?? null,
  }
}
