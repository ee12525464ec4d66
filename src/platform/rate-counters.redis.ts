import { createHash } from 'node:crypto'
import type { Logger } from './log.ts'
import { createMemoryRateCounters } from './rate-counters.memory.ts'
import type { Count, RateCounters } from './rate-counters.ts'

/** What of a Redis client is needed; one of `ioredis` with a deadline of its own for each command fits. */
export type RedisScripting = {
  eval(script: string, keyCount: number, ...args: (string | number)[]): Promise<unknown>
}

/** One step at the server: a counter that lost its expiry between two commands would refuse its caller for good. */
const addScript = `
local count = redis.call('incr', KEYS[1])
if redis.call('pttl', KEYS[1]) < 0 then redis.call('pexpire', KEYS[1], ARGV[1]) end
return {count, redis.call('pttl', KEYS[1])}`
const readScript = `return {tonumber(redis.call('get', KEYS[1]) or '0'), redis.call('pttl', KEYS[1])}`

const prefix = 'erp-chatbot:rate:'
const complainEveryMs = 60_000
/** After a failure the next calls need not wait for one of their own. */
const restMs = 1_000

/**
 * Counters that all replicas share. While Redis cannot be asked each process counts by itself: its limits go on, a replica's
 * worth at most looser. Keys are kept as hashes: Redis learns no addresses.
 */
export function createRedisRateCounters({ redis, log }: { redis: RedisScripting; log: Logger }): RateCounters {
  const own = createMemoryRateCounters()
  let complainedAt = Number.NEGATIVE_INFINITY
  let restUntil = Number.NEGATIVE_INFINITY
  const ask = async (script: string, key: string, args: number[], fallback: () => Promise<Count>) => {
    if (performance.now() < restUntil) return await fallback()
    try {
      return toCount(
        await redis.eval(script, 1, prefix + createHash('sha256').update(key).digest('base64url'), ...args),
      )
    } catch (error) {
      restUntil = performance.now() + restMs
      if (performance.now() - complainedAt > complainEveryMs) {
        complainedAt = performance.now()
        log.warn({ err: error }, 'Limits cannot be counted in Redis; this process counts by itself')
      }
      return await fallback()
    }
  }
  return {
    add: (key, windowMs) => ask(addScript, key, [Math.ceil(windowMs)], () => own.add(key, windowMs)),
    read: (key) => ask(readScript, key, [], () => own.read(key)),
  }
}

function toCount(reply: unknown): Count {
  const [count, resetMs] = (Array.isArray(reply) ? reply : []).map(Number)
  if (count === undefined || resetMs === undefined || Number.isNaN(count + resetMs)) throw new Error('Not a count')
  return { count, resetMs: Math.max(0, resetMs) }
}
