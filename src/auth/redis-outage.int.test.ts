import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFieldCipher, createFileKeyService } from '#platform/encryption'
import { createLogger } from '#platform/log'
import { openRedis, type RedisClient } from '#platform/redis'
import { findFreePort } from '../../demo/postgres/free-port.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { hasRedis, startTestRedis, type TestRedis } from '../../test/support/test-redis.ts'
import { createAccessTokens } from './access-token.ts'
import { openSession, type SessionTokens } from './open-session.ts'
import { createBrowser, errorOf, startTestService, type TestService } from './service-fixture.ts'
import { createSessionSeal } from './session-record.ts'
import { createPostgresSigningKeyStore } from './signing-key-store.postgres.ts'
import { createSigningKeys } from './signing-keys.ts'
import { createRedisTokenStore } from './token-store.redis.ts'
import { createPostgresUserStore } from './user-store.postgres.ts'

const now = () => new Date()

describe.skipIf(!hasRedis)('two replicas with their sessions in Redis', () => {
  let db: TestDatabase
  let redis: TestRedis
  let folder: string
  let replicas: TestService[]
  const clients: RedisClient[] = []

  const connect = async () => {
    const client = openRedis({ url: redis.url }, createLogger({ level: 'silent', role: 'test' }))
    clients.push(client)
    await once(client, 'ready')
    return createRedisTokenStore({ redis: client })
  }
  const startReplica = async () => {
    const [port, tokens] = [await findFreePort(), await connect()]
    const provider = { issuer: 'http://127.0.0.1:9', clientId: 'chatbot', clientSecret: 'secret' }
    return await startTestService({ port, database: db.database, folder, tokens, provider })
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auth-redis-outage-'))
    db = await createTestDatabase()
    redis = await startTestRedis()
    replicas = [await startReplica(), await startReplica()]
  })
  afterAll(async () => {
    for (const replica of replicas) await replica.close()
    for (const client of clients) client.disconnect()
    await redis.close()
    await db.drop()
  })

  /** A session as a sign-in at the first replica would have opened it. */
  async function signIn(): Promise<SessionTokens> {
    const cipher = createFieldCipher(createFileKeyService(join(folder, 'key')))
    const keys = createSigningKeys({ store: createPostgresSigningKeyStore(db.database), cipher, now })
    const accessTokens = createAccessTokens({ keys, issuer: replicas[0]!.origin, now })
    const users = createPostgresUserStore(db.database)
    const who = { issuer: 'https://idp.example', subject: randomUUID() }
    const profile = { ...who, name: '김민수', department: '국내영업팀', email: '' }
    const user = await users.saveSignIn({ ...profile, roles: ['employee'], language: null }, now())
    const deps = {
      tokens: await connect(),
      users,
      accessTokens,
      seal: createSessionSeal(cipher),
      idleMs: 3_600_000,
      now,
    }
    return await openSession(deps, user, { ...who, idToken: '', from: { address: '', device: {} } })
  }
  const ask = async (replica: TestService, token: string) =>
    errorOf(await createBrowser(replica.origin).visit('/api/v1/me', { headers: { authorization: `Bearer ${token}` } }))
  const refresh = async (replica: TestService, refreshToken: string) =>
    errorOf(await createBrowser(replica.origin).visit('/auth/refresh', { json: { refreshToken } }))
  const ready = async (replica: TestService) => (await fetch(`${replica.origin}/readyz`)).status
  const first = () => replicas[0]!

  test('refresh one token twenty times at once, at either, and stay signed in', async () => {
    const { refreshToken } = await signIn()
    const tries = Array.from({ length: 20 }, (_, i) => refresh(replicas[i % 2]!, refreshToken))
    expect(new Set((await Promise.all(tries)).map(([status]) => status))).toEqual(new Set([200]))
    expect(replicas.flatMap(({ audited }) => audited)).toEqual([])
  })

  test('a store that hangs is answered with 503 for tokens and refreshes, and nothing passes', async () => {
    const [session, other] = [await signIn(), await signIn()]
    expect(await ask(first(), session.accessToken)).toEqual([200, undefined])
    redis.pause()
    try {
      // The first is not asked again for five seconds: what was known a moment ago may still be used.
      const answers = [ask(first(), other.accessToken), refresh(first(), session.refreshToken), ready(first())]
      expect(await Promise.all(answers)).toEqual([[503, 'AUTH_UNAVAILABLE'], [503, 'AUTH_UNAVAILABLE'], 503])
    } finally {
      redis.resume()
    }
    await expect.poll(() => ask(first(), other.accessToken), { timeout: 10_000 }).toEqual([200, undefined])
    await expect.poll(() => refresh(first(), session.refreshToken), { timeout: 10_000 }).toEqual([200, undefined])
    expect(await ready(first())).toBe(200)
  })

  test('a store that is gone likewise, and when it is back empty everyone signs in again', async () => {
    const [session, late] = [await signIn(), await signIn()]
    await redis.close()
    expect(await ask(first(), session.accessToken)).toEqual([503, 'AUTH_UNAVAILABLE'])
    expect(await refresh(first(), session.refreshToken)).toEqual([503, 'AUTH_UNAVAILABLE'])
    redis = await startTestRedis({ port: redis.port })
    const ended = [401, 'SESSION_ENDED']
    await expect.poll(() => ask(first(), late.accessToken), { timeout: 10_000 }).toEqual(ended)
    expect(await refresh(first(), late.refreshToken)).toEqual(ended)
    expect(await ready(first())).toBe(200)
  })
})
