import type { SealedColumn } from '#platform/encryption'

/** Where the audit trail keeps the keys of its own; its entries, which are never changed, are sealed under those. */
export const sealedAuditColumns: SealedColumn[] = [{ table: 'audit_secrets', column: 'secret', rowKey: 'purpose' }]
