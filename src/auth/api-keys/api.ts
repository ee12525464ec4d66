import { z } from 'zod'
import { roles } from '../actor.ts'
import { networkSchema } from '../networks/api.ts'
import { scopes } from './api-key.ts'

/** The shapes of the administration of API keys on the wire. Instants are ISO 8601. */
const instant = z.iso.datetime()
const mostNetworks = 50

const apiKeySchema = z.object({
  id: z.uuid(),
  /** How a key begins, `ecb_3f9a01c2d4`: what people tell keys apart by. */
  prefix: z.string(),
  name: z.string(),
  /** The person a key acts for; without a name when they are not known any more. */
  owner: z.object({ userId: z.uuid(), name: z.string().optional() }),
  roles: z.array(z.enum(roles)),
  scopes: z.array(z.enum(scopes)),
  networks: z.array(z.string()),
  state: z.enum(['active', 'expired', 'revoked']),
  createdAt: instant,
  createdBy: z.uuid(),
  expiresAt: instant,
  /** Two minutes old at most. */
  lastUsedAt: instant.optional(),
  rotatedAt: instant.optional(),
  /** Until when the secret before the last rotation works. */
  oldSecretUntil: instant.optional(),
  revokedAt: instant.optional(),
})

export const apiKeyListSchema = z.object({ keys: z.array(apiKeySchema) })
export const oneApiKeySchema = z.object({ key: apiKeySchema })
/** The secret is in this answer and never again. */
export const newApiKeySchema = z.object({ key: apiKeySchema, secret: z.string() })

/** Absent `ownerId`: whoever makes the key. Empty `networks`: from everywhere. */
export const createApiKeySchema = z.strictObject({
  name: z.string().trim().min(1).max(80),
  ownerId: z.uuid().optional(),
  roles: z.array(z.enum(roles)).min(1).max(roles.length),
  scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
  expiresAt: instant,
  networks: z.array(networkSchema).max(mostNetworks).default([]),
})

/** For how long the secret in use goes on working; 0: not at all, as when it has leaked. */
export const rotateApiKeySchema = z
  .strictObject({ overlapHours: z.number().int().min(0).max(168).default(24) })
  .nullish()

export type ApiKeyBody = z.infer<typeof apiKeySchema>
export type NewApiKey = z.infer<typeof newApiKeySchema>
export type CreateApiKey = z.input<typeof createApiKeySchema>
