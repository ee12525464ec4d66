import { AppError } from '#platform/errors'
import type { ApiKey } from './api-key.ts'
import { type KeyDeps, type Manager, recordKey, requireOwnership } from './create-key.ts'
import { apiKeyErrors } from './errors.ts'
import { newKeySecret } from './key-text.ts'

type Rotation = { keyId: string; overlapHours: number }

const hourMs = 60 * 60_000

/**
 * Gives a key a new secret. The one in use goes on working for the overlap, no longer than the key itself; one from before
 * that ends at once. Throws AppError API_KEY_NOT_FOUND, API_KEY_NOT_IN_USE, API_KEY_FOR_OTHERS or AUDIT_UNAVAILABLE.
 */
export async function rotateKey(
  deps: KeyDeps,
  { keyId, overlapHours }: Rotation,
  manager: Manager,
): Promise<{ key: ApiKey; secret: string }> {
  const { store, audit, forget, now } = deps
  const found = await store.find(keyId)
  if (!found) throw new AppError(apiKeyErrors.notFound)
  requireOwnership(deps, found.ownerId, manager)
  const { text, hash } = newKeySecret(found.prefix)
  const at = now()
  const oldUntil = new Date(Math.min(at.getTime() + overlapHours * hourMs, found.expiresAt.getTime()))
  const key = await store.rotate(keyId, { secretHash: hash, at, oldUntil }, recordKey(audit, 'api-key.rotate', manager))
  if (!key) throw new AppError(apiKeyErrors.notInUse)
  forget(key.prefix)
  return { key, secret: text }
}
