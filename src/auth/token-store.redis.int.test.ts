import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createLogger } from '#platform/log'
import { openRedis, type RedisClient, type RedisConfig } from '#platform/redis'
import { createTestAuthority, hasOpenssl } from '../../test/support/test-certificates.ts'
import { hasRedis, startTestRedis, type TestRedis } from '../../test/support/test-redis.ts'
import { describeTokenStore } from './token-store.contract.ts'
import { createRedisTokenStore } from './token-store.redis.ts'

const log = createLogger({ level: 'silent', role: 'test' })

async function connect(config: RedisConfig): Promise<RedisClient> {
  const redis = openRedis(config, log)
  await once(redis, 'ready')
  return redis
}

describe.skipIf(!hasRedis).each([
  ['Redis', false],
  ['Redis Cluster', true],
])('%s', (name, isCluster) => {
  let server: TestRedis
  beforeAll(async () => {
    server = await startTestRedis({ isCluster })
  })
  afterAll(async () => await server.close())

  describeTokenStore(name, {
    forgetsByItself: true,
    open: async (now) => {
      const redis = await connect({ url: server.url, isCluster })
      await redis.flushdb()
      return { store: createRedisTokenStore({ redis, now }), close: async () => redis.disconnect() }
    },
  })

  test('everything kept goes by itself, and nothing says whose it is', async () => {
    const redis = await connect({ url: server.url, isCluster })
    onTestFinished(() => redis.disconnect())
    await redis.flushdb()
    const store = createRedisTokenStore({ redis })
    const expiresAt = new Date(Date.now() + 60_000)
    const session = { sessionId: randomUUID(), record: Buffer.from('sealed'), expiresAt, usedAt: new Date() }
    await store.openSession(session, 'hash', ['one', 'two'])
    await store.findSessions('one')
    await store.rotateToken({ sessionId: session.sessionId, hash: 'hash' }, 'next', Buffer.from('sealed'))
    await store.saveSignIn('state', Buffer.from('sealed'), expiresAt)
    await store.claim('jti', expiresAt)
    await store.checkReady()
    const keys = await redis.keys('*')
    expect(keys).toHaveLength(6)
    for (const key of keys) {
      const life = await redis.pttl(key)
      expect([key, life > 0 && life <= 60_000]).toEqual([key, true])
    }
  })
})

describe.skipIf(!hasRedis)('a connection to Redis', () => {
  test('fails at once without a server, and works when one has come', async () => {
    const server = await startTestRedis()
    await server.close()
    const redis = openRedis({ url: server.url }, log)
    onTestFinished(() => redis.disconnect())
    const store = createRedisTokenStore({ redis })
    await expect(store.isSessionOpen('x')).rejects.toThrow()
    await using _again = await startTestRedis({ port: server.port })
    await expect.poll(() => store.isSessionOpen('x').catch(() => 'down'), { timeout: 5_000 }).toBe(false)
  })

  test('tells what failed without the arguments of the call', async () => {
    await using server = await startTestRedis()
    const redis = await connect({ url: server.url })
    onTestFinished(() => redis.disconnect())
    await redis.set('erp-chatbot:session:x', 'not a hash')
    const failure = await createRedisTokenStore({ redis })
      .findToken({ sessionId: 'x', hash: 'a-secret' })
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ name: 'RedisFailure', message: expect.stringContaining('WRONGTYPE') })
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain('a-secret')
  })

  test('takes the password from the URL', async () => {
    await using server = await startTestRedis()
    const admin = new Redis(server.url)
    onTestFinished(() => admin.disconnect())
    await admin.config('SET', 'requirepass', 'p@ss/word')
    const redis = await connect({ url: server.url.replace('redis://', 'redis://:p%40ss%2Fword@') })
    onTestFinished(() => redis.disconnect())
    expect(await createRedisTokenStore({ redis }).isSessionOpen('x')).toBe(false)
    const stranger = openRedis({ url: server.url }, log)
    onTestFinished(() => stranger.disconnect())
    await expect
      .poll(() => createRedisTokenStore({ redis: stranger }).isSessionOpen('x').catch(String))
      .toMatch(/NOAUTH|writeable/)
  })

  test.skipIf(!hasOpenssl)('over TLS goes to a server of the given authority only', async () => {
    const authority = createTestAuthority()
    onTestFinished(() => authority.close())
    const { ca } = authority
    await using server = await startTestRedis({ tls: { ...authority.issue('localhost'), ca } })
    const redis = await connect({ url: server.url, ca })
    onTestFinished(() => redis.disconnect())
    expect(await createRedisTokenStore({ redis }).isSessionOpen('x')).toBe(false)
    const trusting = openRedis({ url: server.url }, log)
    onTestFinished(() => trusting.disconnect())
    const [error] = await once(trusting, 'error')
    expect(String(error.code)).toMatch(/CERT|SIGNATURE|ISSUER/)
    await expect(createRedisTokenStore({ redis: trusting }).isSessionOpen('x')).rejects.toThrow()
  })
})
