import type { SealedColumn } from '#platform/encryption'
import { sealedPushColumns } from './push/index.ts'

/** Where mail and push messages keep sealed values. */
export const sealedNotifyColumns: SealedColumn[] = [
  { table: 'email_requests', column: 'content', rowKey: 'request' },
  { table: 'email_requests', column: 'attachments', rowKey: 'request' },
  { table: 'email_recipients', column: 'address', rowKey: 'place' },
  { table: 'email_suppressions', column: 'address', rowKey: 'place' },
  { table: 'email_hash_key', column: 'key', rowKey: 'id' },
  ...sealedPushColumns,
]
