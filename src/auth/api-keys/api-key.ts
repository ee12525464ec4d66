import type { Role } from '../actor.ts'

/**
 * What a key may be for. A route names the scope that a key needs for it, and without one takes none. There is none for
 * people, networks and keys themselves: a stolen key must not be able to make itself a second one.
 */
export const scopes = ['ask', 'sync', 'audit', 'training'] as const
export type Scope = (typeof scopes)[number]

/** A key of a machine as it is kept. It acts for its owner, with those of its roles that the owner has today. */
export type ApiKey = {
  keyId: string
  /** What a key is known by in lists and in the audit trail; no secret. */
  prefix: string
  name: string
  ownerId: string
  roles: Role[]
  scopes: Scope[]
  /** Where it may be used from, CIDR; empty: from everywhere. */
  networks: string[]
  secretHash: Buffer
  /** The secret before the last rotation, while it still works. */
  oldSecret: { hash: Buffer; until: Date } | undefined
  createdAt: Date
  createdBy: string
  expiresAt: Date
  rotatedAt: Date | undefined
  lastUsedAt: Date | undefined
  revokedAt: Date | undefined
}

/** Whether a key is in use, and if not, why. */
export function stateOf({ revokedAt, expiresAt }: ApiKey, now: Date): 'active' | 'expired' | 'revoked' {
  if (revokedAt) return 'revoked'
  return expiresAt > now ? 'active' : 'expired'
}
