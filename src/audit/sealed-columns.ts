import type { SealedColumn } from '#platform/encryption'

/** Where the audit trail keeps sealed values. Its entries stay as they were written: the chain's hashes cover the ciphertext. */
export const sealedAuditColumns: SealedColumn[] = [
  { table: 'audit_log', column: 'sealed', rowKey: 'ref', isFixed: true },
  { table: 'audit_secrets', column: 'secret', rowKey: 'purpose' },
]
