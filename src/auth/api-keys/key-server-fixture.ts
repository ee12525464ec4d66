import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type AuditEntry, type AuditLog, createAuditLog } from '#audit'
import { loadCatalog } from '#catalog'
import { createFieldCipher, createFileKeyService } from '#platform/encryption'
import { AppError } from '#platform/errors'
import { type ApiCall, createHttpServer } from '#platform/http-server'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createMemoryRateCounters } from '#platform/rate-counters.memory'
import { createTestDatabase } from '../../../test/support/test-database.ts'
import { loadAccessRules } from '../access-rules.ts'
import type { Role } from '../actor.ts'
import type { Authenticator } from '../authenticate.ts'
import { authErrors } from '../errors.ts'
import { createRequestGuard } from '../guard.ts'
import { createNetworkRules } from '../networks/network-rules.ts'
import { createPostgresNetworkStore } from '../networks/network-store.postgres.ts'
import { registerNetworkRoutes } from '../networks/routes.ts'
import { createFailureThrottle } from '../throttling/failure-throttle.ts'
import { createPostgresUserStore } from '../user-store.postgres.ts'
import { createPostgresApiKeyStore } from './api-key-store.postgres.ts'
import { createKeyAuthenticator } from './authenticate-key.ts'
import { registerApiKeyRoutes } from './routes.ts'

const people: Record<string, Role[]> = {
  hyerim: ['employee', 'admin'],
  bonseok: ['employee', 'auditor'],
  minsu: ['employee', 'sales'],
  jiwon: ['executive'],
}
const address = '203.0.113.7'

type Sent = { as?: string; body?: object | null; headers?: Record<string, string>; from?: string }

/**
 * The administration of keys and networks over a real database, as two processes that share it. A bearer token is a person's
 * login, or a key. `clock.time` is the time; `trail.fails` makes the audit trail refuse.
 */
export async function startKeyServers() {
  const db = await createTestDatabase()
  const clock = { time: Date.parse('2026-11-23T05:00:00Z') }
  const now = () => new Date(clock.time)
  const log = createLogger({ level: 'silent', role: 'test' })
  const folder = await mkdtemp(join(tmpdir(), 'key-server-'))
  const written = createAuditLog(db.database, log, createFieldCipher(createFileKeyService(join(folder, 'key'))))
  const trail = { fails: false, entries: [] as AuditEntry[] }
  const audit: Pick<AuditLog, 'recordWith'> = {
    recordWith: async (transaction, entry) => {
      if (trail.fails) throw new AppError({ ...authErrors.unavailable, code: 'AUDIT_UNAVAILABLE' })
      await written.recordWith(transaction, entry)
      trail.entries.push(entry)
    },
  }
  const users = createPostgresUserStore(db.database)
  const ids: Record<string, string> = {}
  for (const [subject, roles] of Object.entries(people)) {
    const profile = { issuer: 'https://idp.example', subject, name: subject, department: '', email: '', language: null }
    ids[subject] = (await users.saveSignIn({ ...profile, roles }, now())).userId
  }
  const rules = loadAccessRules(
    join(import.meta.dirname, '../../../access/roles.yaml'),
    loadCatalog('catalog', 'demo-odata'),
  )
  const counters = createMemoryRateCounters({ now: () => clock.time })
  const authenticator = {
    authenticate: async (login: string) => {
      const user = await users.findUser(ids[login] ?? ids.minsu ?? '')
      if (!user || !ids[login]) throw new AppError(authErrors.tokenInvalid)
      return { actor: user, language: null, sessionId: '' }
    },
  } as unknown as Authenticator

  const start = async () => {
    // The auditor here looks after keys and not after people.
    const permissions = { ...rules.permissions, 'api-keys': ['admin' as const, 'auditor' as const] }
    const store = createPostgresApiKeyStore(db.database)
    const throttle = createFailureThrottle({ counters, limits: { perAddress: 5, overall: 100 }, name: 'api-key' })
    const keys = createKeyAuthenticator({ store, users, throttle, log, now })
    const networkStore = createPostgresNetworkStore(db.database)
    const networks = createNetworkRules({ store: networkStore, now })
    const guard = createRequestGuard({ authenticator, keys, networks, cookieName: 'access', permissions })
    const calls: ApiCall[] = []
    const server = await createHttpServer({
      ...{ log, metrics: createMetrics(), publicUrl: 'http://localhost', guard: guard.guard, readiness: {} },
      ...{ onCall: async (call) => void calls.push(call), limits: { perActor: 1e6, perKey: 1e6, perAddress: 1e6 } },
    })
    const administration = { permissions, audit, now, actorOf: guard.actorOf }
    registerApiKeyRoutes(server, { ...administration, store, users, forget: keys.forget })
    registerNetworkRoutes(server, { ...administration, store: networkStore, rules: networks })
    const asks = { access: 'signed-in', scope: 'ask' }
    server.get('/api/v1/who', { config: asks }, async (request) => guard.actorOf(request))
    server.get('/api/v1/work', { config: { access: 'sync', scope: 'sync' } }, async (request) => guard.actorOf(request))
    server.get('/api/v1/people-only', { config: { access: 'signed-in' } }, async () => 'ok')
    server.get('/api/v1/socket', { websocket: true, config: asks }, (socket, request) => {
      socket.on('message', () => socket.send(guard.actorOf(request as never).name))
    })
    const call = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, sent: Sent = {}) => {
      const { as, body, headers = {}, from = address } = sent
      const json = body ? { 'content-type': 'application/json' } : {}
      const reply = await server.inject({
        ...{ method, url, remoteAddress: from },
        headers: { ...json, ...(as !== undefined && { authorization: `Bearer ${as}` }), ...headers },
        ...(body && { payload: JSON.stringify(body) }),
      })
      const parsed = reply.body.startsWith('{') ? reply.json() : {}
      return { status: reply.statusCode, code: parsed.error?.code, body: parsed.body ?? parsed, reply }
    }
    return { server, call, calls, keys }
  }

  const [one, two] = [await start(), await start()]
  return {
    ...{ one, two, ids, clock, trail, address, database: db.database },
    setUser: async (login: string, change: { disabled?: boolean; roles?: Role[] }) => {
      const { disabled, roles } = change
      const id = ids[login]
      if (disabled !== undefined)
        await sql`update auth_users set disabled = ${disabled} where user_id = ${id}`.execute(db.database.kysely)
      if (roles) await sql`update auth_users set roles = ${roles} where user_id = ${id}`.execute(db.database.kysely)
    },
    async close() {
      await Promise.all([one.server.close(), two.server.close()])
      await db.drop()
    },
  }
}
