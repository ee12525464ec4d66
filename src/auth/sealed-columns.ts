import type { SealedColumn } from '#platform/encryption'
import { sealedPrivateKeys } from './generate-signing-key.ts'

/** Where sign-in keeps sealed values in the database. */
export const sealedAuthColumns: SealedColumn[] = [
  sealedPrivateKeys,
  { table: 'auth_sign_ins', column: 'record', rowKey: 'key' },
  { table: 'auth_sessions', column: 'record', rowKey: 'session_id' },
  { table: 'auth_refresh_tokens', column: 'successor', rowKey: 'token_hash' },
  { table: 'auth_users', column: 'disabled_reason', rowKey: 'user_id' },
  { table: 'auth_role_decisions', column: 'reason', rowKey: 'place' },
]
