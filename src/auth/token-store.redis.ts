import { askRedis, type RedisClient } from '#platform/redis'
import { redisPrefix } from './redis-keys.ts'
import type { FoundToken, StoredSession, TokenStore } from './token-store.ts'

type Deps = { redis: RedisClient; now?: () => Date; prefix?: string }

/**
 * Sign-ins and sessions in Redis. All there is about one session is one hash, so that each step touches one key and is atomic,
 * on a cluster too. `now` decides what has expired; Redis also forgets it by itself after the same time.
 *
 *     <prefix>sign-in:<key>      <expires>:<record>
 *     <prefix>session:<id>       expires, used, record, token:<hash> = '' or <rotated at>:<successor>
 *     <prefix>mark:<mark>        sorted set of session ids by expiry
 *     <prefix>claim:<key>        <expires>:
 */
export function createRedisTokenStore({ redis, now = () => new Date(), prefix = redisPrefix }: Deps): TokenStore {
  const run = createScripts(redis)
  const keyOf = (kind: 'sign-in' | 'session' | 'mark' | 'claim', id: string) => `${prefix}${kind}:${id}`
  const lifeOf = (expiresAt: Date) => Math.max(1, expiresAt.getTime() - now().getTime())
  const isOver = (expires: Buffer | string | null | undefined) => Number(expires ?? 0) <= now().getTime()

  const toSession = (sessionId: string, [expires, used, record]: (Buffer | null)[]): StoredSession[] => {
    if (!expires || !used || !record || isOver(expires)) return []
    return [{ sessionId, record, expiresAt: new Date(Number(expires)), usedAt: new Date(Number(used)) }]
  }
  const end = async (sessionId: string): Promise<StoredSession[]> => {
    return toSession(sessionId, await run.endSession(keyOf('session', sessionId)))
  }
  return {
    async saveSignIn(key, record, expiresAt) {
      await askRedis(redis.set(keyOf('sign-in', key), stamp(expiresAt, record), 'PX', lifeOf(expiresAt)))
    },
    async takeSignIn(key) {
      const taken = readStamp(await askRedis(redis.getdelBuffer(keyOf('sign-in', key))))
      return taken && taken.at > now() ? taken.rest : undefined
    },
    async openSession({ sessionId, record, expiresAt, usedAt }, firstHash, marks) {
      const expires = expiresAt.getTime()
      // Marks first: one without its session is harmless, a session without its marks could not be found.
      await Promise.all(marks.map((mark) => run.addMark(keyOf('mark', mark), [now().getTime(), expires, sessionId])))
      await run.openSession(keyOf('session', sessionId), [
        expires,
        record,
        firstHash,
        lifeOf(expiresAt),
        usedAt.getTime(),
      ])
    },
    async isSessionOpen(sessionId) {
      return !isOver(await askRedis(redis.hget(keyOf('session', sessionId), 'expires')))
    },
    async endSession(sessionId) {
      await end(sessionId)
    },
    async findSessions(mark) {
      const ids = await askRedis(redis.zrange(keyOf('mark', mark), '0', '-1'))
      const read = async (id: string) =>
        toSession(id, await askRedis(redis.hmgetBuffer(keyOf('session', id), ...sessionFields)))
      return (await Promise.all(ids.map(read))).flat()
    },
    async endSessions(mark) {
      const ids = await askRedis(redis.zrange(keyOf('mark', mark), '0', '-1'))
      const ended = (await Promise.all(ids.map(end))).flat()
      if (ids.length > 0) await askRedis(redis.zrem(keyOf('mark', mark), ...ids))
      return ended
    },
    async findToken({ sessionId, hash }): Promise<FoundToken | undefined> {
      const fields = [...sessionFields, `token:${hash}`]
      const values = await askRedis(redis.hmgetBuffer(keyOf('session', sessionId), ...fields))
      const [session] = toSession(sessionId, values)
      const token = values.at(-1)
      if (!session || !token) return undefined
      const found = { ...session, hash }
      const rotated = readStamp(token)
      return rotated ? { ...found, rotated: { at: rotated.at, successor: rotated.rest } } : found
    },
    async rotateToken({ sessionId, hash }, next, successor) {
      const at = now()
      const args = [hash, next, stamp(at, successor), at.getTime()]
      return (await run.rotateToken(keyOf('session', sessionId), args)) === 1
    },
    async isClaimed(key) {
      const claim = readStamp(await askRedis(redis.getBuffer(keyOf('claim', key))))
      return claim !== undefined && claim.at > now()
    },
    async claim(key, expiresAt) {
      await askRedis(redis.set(keyOf('claim', key), stamp(expiresAt), 'PX', lifeOf(expiresAt)))
    },
    async checkReady() {
      // A write: one that is out of memory, or only a replica, still reads.
      await askRedis(redis.set(`${prefix}ready`, '', 'PX', 60_000))
    },
    removeExpired: async () => 0,
  }
}

/** All of a session but its tokens; the script that ends one has them in this order, too. */
const sessionFields = ['expires', 'used', 'record']

/** `<ms>:<bytes>` */
function stamp(at: Date, bytes: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([Buffer.from(`${at.getTime()}:`), bytes])
}

function readStamp(value: Buffer | null): { at: Date; rest: Buffer } | undefined {
  const end = value?.indexOf(':') ?? -1
  if (!value || end < 0) return undefined
  return { at: new Date(Number(value.toString('latin1', 0, end))), rest: value.subarray(end + 1) }
}

type Argument = string | number | Buffer

const scripts = {
  /** now, expires, session id; the set lives as long as its longest session. */
  addMark: `
    redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
    redis.call('ZADD', KEYS[1], ARGV[2], ARGV[3])
    local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
    redis.call('PEXPIRE', KEYS[1], math.max(1, last[2] - ARGV[1]))`,
  /** expires, record, hash of the first token, life in ms, used */
  openSession: `
    redis.call('HSET', KEYS[1], 'expires', ARGV[1], 'used', ARGV[5], 'record', ARGV[2], 'token:' .. ARGV[3], '')
    redis.call('PEXPIRE', KEYS[1], ARGV[4])`,
  endSession: `
    local session = redis.call('HMGET', KEYS[1], 'expires', 'used', 'record')
    redis.call('DEL', KEYS[1])
    return session`,
  /** hash, hash of the next token, stamped successor, now */
  rotateToken: `
    local found = redis.call('HMGET', KEYS[1], 'expires', 'token:' .. ARGV[1])
    if found[2] ~= '' or not found[1] or tonumber(found[1]) <= tonumber(ARGV[4]) then return 0 end
    redis.call('HSET', KEYS[1], 'used', ARGV[4], 'token:' .. ARGV[1], ARGV[3], 'token:' .. ARGV[2], '')
    return 1`,
}

type Command = (key: string, ...args: Argument[]) => Promise<unknown>

/** The scripts as commands of the connection, which sends their text only to a server that does not have it yet. */
function createScripts(redis: RedisClient) {
  for (const [name, lua] of Object.entries(scripts)) redis.defineCommand(`auth.${name}`, { numberOfKeys: 1, lua })
  const commands = redis as unknown as Record<string, Command>
  const call = async (name: string, key: string, args: Argument[] = []) =>
    await askRedis((commands[`auth.${name}`] as Command).call(redis, key, ...args))
  return {
    addMark: (key: string, args: Argument[]) => call('addMark', key, args),
    openSession: (key: string, args: Argument[]) => call('openSession', key, args),
    endSession: (key: string) => call('endSessionBuffer', key) as Promise<(Buffer | null)[]>,
    rotateToken: (key: string, args: Argument[]) => call('rotateToken', key, args) as Promise<number>,
  }
}
