import type { SealedColumn } from '#platform/encryption'

/** Where push messages keep sealed values in the database. */
export const sealedPushColumns: SealedColumn[] = [
  { table: 'push_devices', column: 'name', rowKey: 'device' },
  { table: 'push_devices', column: 'token', rowKey: 'device' },
  { table: 'push_hash_key', column: 'key', rowKey: 'id' },
  { table: 'push_messages', column: 'content', rowKey: 'push' },
  { table: 'push_sink', column: 'content', rowKey: 'record' },
]

/** What sealed values are bound to: the row they belong to. */
export const tokenPlace = (device: string) => ({ table: 'push_devices', column: 'token', row: device })
export const namePlace = (device: string) => ({ table: 'push_devices', column: 'name', row: device })
export const contentPlace = (push: string) => ({ table: 'push_messages', column: 'content', row: push })
export const recordPlace = (record: string) => ({ table: 'push_sink', column: 'content', row: record })
