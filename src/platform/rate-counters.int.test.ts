import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RedisServer, startRedis, whyNoRedis } from '../../test/support/redis-server.ts'
import { createLogger } from './log.ts'
import { describeRateCounters } from './rate-counters.contract.ts'
import { createRedisRateCounters } from './rate-counters.redis.ts'

const missing = whyNoRedis()
if (missing) console.warn(missing)

describe.skipIf(missing)('counters in Redis', () => {
  let server: RedisServer
  let redis: Redis
  const log = createLogger({ level: 'silent', role: 'test' })

  beforeAll(async () => {
    server = await startRedis()
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
