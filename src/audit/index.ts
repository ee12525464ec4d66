export type { AuditEntry } from './audit-entry.ts'
export { type AuditLog, createAuditLog } from './audit-log.ts'
export { describeCall } from './describe-call.ts'
export { type AuditVerdict, verifyAudit } from './verify-audit.ts'
