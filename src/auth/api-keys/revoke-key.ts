import { AppError } from '#platform/errors'
import type { ApiKey } from './api-key.ts'
import { type KeyDeps, type Manager, recordKey } from './create-key.ts'
import { apiKeyErrors } from './errors.ts'

/** Ends a key, here at once and everywhere within 5 s. Throws AppError API_KEY_NOT_FOUND or AUDIT_UNAVAILABLE. */
export async function revokeKey(
  { store, audit, forget, now }: KeyDeps,
  keyId: string,
  manager: Manager,
): Promise<ApiKey> {
  const key = await store.revoke(keyId, now(), recordKey(audit, 'api-key.revoke', manager))
  if (!key) throw new AppError(apiKeyErrors.notFound)
  forget(key.prefix)
  return key
}
