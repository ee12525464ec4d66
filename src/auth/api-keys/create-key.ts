import { randomUUID } from 'node:crypto'
import type { AuditLog } from '#audit'
import { AppError } from '#platform/errors'
import type { AccessRules } from '../access-rules.ts'
import type { Actor, Role } from '../actor.ts'
import type { RecordChange } from '../record-change.ts'
import type { User, UserStore } from '../user-store.ts'
import type { ApiKey, Scope } from './api-key.ts'
import type { ApiKeyStore } from './api-key-store.ts'
import { apiKeyErrors } from './errors.ts'
import { newKeySecret, newPrefix } from './key-text.ts'

export type KeyDeps = {
  store: ApiKeyStore
  users: UserStore
  permissions: AccessRules['permissions']
  audit: Pick<AuditLog, 'recordWith'>
  /** Makes this process look at the key anew. */
  forget: (prefix: string) => void
  now: () => Date
}

/** Who looks after keys, and from where. */
export type Manager = { actor: Pick<Actor, 'userId' | 'roles'>; ip: string }

type Wish = {
  name: string
  ownerId?: string | undefined
  roles: Role[]
  scopes: Scope[]
  networks: string[]
  expiresAt: Date
}

const longestLifeMs = 366 * 24 * 60 * 60_000
/** Of all owners together: lists stay readable, and notes of use stay few. */
const mostKeys = 500

/**
 * Makes a key; `secret` is there only now. Throws AppError API_KEY_EXPIRY, API_KEY_OWNER, API_KEY_ROLES, API_KEY_FOR_OTHERS,
 * API_KEY_LIMIT; AUDIT_UNAVAILABLE, and there is no key, when it cannot be recorded.
 */
export async function createKey(deps: KeyDeps, wish: Wish, manager: Manager): Promise<{ key: ApiKey; secret: string }> {
  const { store, users, audit, now } = deps
  const { ownerId = manager.actor.userId, ...rest } = wish
  const createdAt = now()
  const life = wish.expiresAt.getTime() - createdAt.getTime()
  if (life <= 0 || life > longestLifeMs) throw new AppError(apiKeyErrors.expiryInvalid)
  requireOwnership(deps, ownerId, manager)
  requireRoles(await users.findUser(ownerId), wish.roles)
  const prefix = newPrefix()
  const { text, hash } = newKeySecret(prefix)
  const key: ApiKey = {
    ...rest,
    ...{ roles: [...new Set(wish.roles)], scopes: [...new Set(wish.scopes)], networks: [...new Set(wish.networks)] },
    ...{ keyId: randomUUID(), prefix, ownerId, secretHash: hash, createdAt, createdBy: manager.actor.userId },
    ...{ oldSecret: undefined, rotatedAt: undefined, lastUsedAt: undefined, revokedAt: undefined },
  }
  const isAdded = await store.add(key, mostKeys, recordKey(audit, 'api-key.create', manager))
  if (!isAdded) throw new AppError(apiKeyErrors.tooMany, { params: { most: mostKeys } })
  return { key, secret: text }
}

/**
 * Whose key it is decides what its holder can see. Whoever manages people could take any role anyway; others must not come by
 * somebody else's rows by way of a key.
 */
export function requireOwnership({ permissions }: KeyDeps, ownerId: string, { actor }: Manager): void {
  const managesPeople = actor.roles.some((role) => permissions.people.includes(role))
  if (ownerId !== actor.userId && !managesPeople) throw new AppError(apiKeyErrors.ownerNotYours)
}

/** Writes down what was done to a key: by whom and to which, never its secret. */
export function recordKey(
  audit: Pick<AuditLog, 'recordWith'>,
  action: string,
  { actor, ip }: Manager,
): RecordChange<ApiKey> {
  return async ({ keyId, prefix, ownerId, roles, scopes, networks, expiresAt }, transaction) => {
    const key = { keyId, prefix, ownerId, roles, scopes, networks: networks.length }
    const details = { ...key, expiresAt: expiresAt.toISOString() }
    await audit.recordWith(transaction, { actorId: actor.userId, action, outcome: 'ok', ip, details })
  }
}

function requireRoles(owner: User | undefined, roles: Role[]): void {
  if (!owner || owner.disabled) throw new AppError(apiKeyErrors.ownerUnknown)
  const beyond = roles.filter((role) => !owner.roles.includes(role))
  if (beyond.length > 0) throw new AppError(apiKeyErrors.rolesBeyondOwner, { params: { roles: beyond.join(', ') } })
}
