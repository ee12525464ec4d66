import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasRedis, startTestRedis, type TestRedis } from '../../test/support/test-redis.ts'
import { createLogger } from './log.ts'
import { describeRateCounters } from './rate-counters.contract.ts'
import { createRedisRateCounters } from './rate-counters.redis.ts'

describe.skipIf(!hasRedis)('counters in Redis', () => {
  let server: TestRedis
  let redis: Redis
  const log = createLogger({ level: 'silent', role: 'test' })

  beforeAll(async () => {
    server = await startTestRedis()
    redis = new Redis(server.port, '127.0.0.1', { commandTimeout: 1_000, maxRetriesPerRequest: 1 })
    redis.on('error', () => undefined)
  })
  afterAll(async () => {
    redis.disconnect()
    await server.close()
  })

  describeRateCounters(() => createRedisRateCounters({ redis, log }), { isShared: true })

  test('keep no address and leave nothing behind', async () => {
    await createRedisRateCounters({ redis, log }).add('address 203.0.113.7', 60_000)
    const keys = await redis.keys('*')
    expect(keys.length).toBeGreaterThan(0)
    expect(keys.join(' ')).not.toContain('203.0.113')
    for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(0)
  })
})
