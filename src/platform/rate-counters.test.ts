import { expect, test } from 'vitest'
import { createLogger } from './log.ts'
import { describeRateCounters } from './rate-counters.contract.ts'
import { createMemoryRateCounters } from './rate-counters.memory.ts'
import { createRedisRateCounters } from './rate-counters.redis.ts'

describeRateCounters(() => createMemoryRateCounters(), { isShared: false })

test('a flood of keys drops the oldest, not the process', async () => {
  const counters = createMemoryRateCounters({ most: 10 })
  for (let n = 0; n < 50; n++) await counters.add(`key ${n}`, 60_000)
  expect((await counters.read('key 0')).count).toBe(0)
  expect((await counters.read('key 49')).count).toBe(1)
})

test('limits go on while Redis is away, and the log says so once', async () => {
  const lines: string[] = []
  const log = createLogger({ level: 'warn', role: 'test', destination: { write: (line) => void lines.push(line) } })
  const redis = { eval: () => Promise.reject(new Error('connect ECONNREFUSED')) }
  const counters = createRedisRateCounters({ redis, log })
  await counters.add('key', 60_000)
  expect((await counters.add('key', 60_000)).count).toBe(2)
  expect((await counters.read('key')).count).toBe(2)
  expect(lines).toHaveLength(1)
})
