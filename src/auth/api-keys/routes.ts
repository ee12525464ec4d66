import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { envelopeOf, errorBodySchema, wrapMessage } from '#platform/envelope'
import type { HttpServer } from '#platform/http-server'
import type { Actor } from '../actor.ts'
import {
  type ApiKeyBody,
  apiKeyListSchema,
  createApiKeySchema,
  newApiKeySchema,
  oneApiKeySchema,
  rotateApiKeySchema,
} from './api.ts'
import { type ApiKey, stateOf } from './api-key.ts'
import { createKey, type KeyDeps } from './create-key.ts'
import { revokeKey } from './revoke-key.ts'
import { rotateKey } from './rotate-key.ts'

type Deps = KeyDeps & { actorOf: (request: FastifyRequest) => Actor }

const toClient = { destination: 'client' }
const config = { access: 'api-keys' }
const error = errorBodySchema
const params = z.object({ id: z.uuid() })
const mostListed = 1_000
const defaultOverlapHours = 24

/** The administration of API keys, for those whose role permits `api-keys`. */
export function registerApiKeyRoutes(server: HttpServer, deps: Deps): void {
  const managerOf = (request: FastifyRequest) => ({ actor: deps.actorOf(request), ip: request.ip })
  server.get(
    '/api/v1/admin/api-keys',
    { config, schema: { response: { 200: envelopeOf(apiKeyListSchema) } } },
    async () => wrapMessage({ keys: await describeKeys(deps, await deps.store.list(mostListed)) }, toClient),
  )
  server.post(
    '/api/v1/admin/api-keys',
    { config, schema: { body: createApiKeySchema, response: { 201: envelopeOf(newApiKeySchema), 409: error } } },
    async (request, reply) => {
      const wish = { ...request.body, expiresAt: new Date(request.body.expiresAt) }
      const { key, secret } = await createKey(deps, wish, managerOf(request))
      return keepOut(reply)
        .code(201)
        .send(wrapMessage({ key: await describeOne(deps, key), secret }, toClient))
    },
  )
  server.post(
    '/api/v1/admin/api-keys/:id/rotate',
    {
      config,
      schema: { params, body: rotateApiKeySchema, response: { 200: envelopeOf(newApiKeySchema), 409: error } },
    },
    async (request, reply) => {
      const { overlapHours = defaultOverlapHours } = request.body ?? {}
      const { key, secret } = await rotateKey(deps, { keyId: request.params.id, overlapHours }, managerOf(request))
      return keepOut(reply).send(wrapMessage({ key: await describeOne(deps, key), secret }, toClient))
    },
  )
  server.delete(
    '/api/v1/admin/api-keys/:id',
    { config, schema: { params, response: { 200: envelopeOf(oneApiKeySchema) } } },
    async (request) => {
      const key = await revokeKey(deps, request.params.id, managerOf(request))
      return wrapMessage({ key: await describeOne(deps, key) }, toClient)
    },
  )
}

/** Keeps a secret out of every cache on its way. */
function keepOut<T extends FastifyReply>(reply: T): T {
  return reply.header('cache-control', 'no-store').header('pragma', 'no-cache') as T
}

async function describeOne(deps: Deps, key: ApiKey): Promise<ApiKeyBody> {
  const names = await deps.users.namesOf([key.ownerId])
  return describeKey(key, names.get(key.ownerId), deps.now())
}

async function describeKeys(deps: Deps, keys: ApiKey[]): Promise<ApiKeyBody[]> {
  const names = await deps.users.namesOf([...new Set(keys.map(({ ownerId }) => ownerId))])
  return keys.map((key) => describeKey(key, names.get(key.ownerId), deps.now()))
}

function describeKey(key: ApiKey, ownerName: string | undefined, now: Date): ApiKeyBody {
  const { ownerId, roles, scopes, networks, lastUsedAt, rotatedAt, oldSecret, revokedAt } = key
  return {
    ...{ id: key.keyId, prefix: `ecb_${key.prefix}`, name: key.name },
    owner: { userId: ownerId, ...(ownerName !== undefined && { name: ownerName }) },
    ...{ roles, scopes, networks, state: stateOf(key, now) },
    ...{ createdAt: key.createdAt.toISOString(), createdBy: key.createdBy, expiresAt: key.expiresAt.toISOString() },
    ...(lastUsedAt && { lastUsedAt: lastUsedAt.toISOString() }),
    ...(rotatedAt && { rotatedAt: rotatedAt.toISOString() }),
    ...(oldSecret && oldSecret.until > now && { oldSecretUntil: oldSecret.until.toISOString() }),
    ...(revokedAt && { revokedAt: revokedAt.toISOString() }),
  }
}
