import { type FieldPlace, masterKeyIdIn } from '#platform/encryption'
import { askRedis, listNodes, type RedisClient } from '#platform/redis'
import type { RewrapReport, SealedCount, SealedStore } from '#platform/rewrap'
import { redisPrefix } from './redis-keys.ts'
import { recordPlace, successorPlace } from './session-record.ts'
import { signInPlace } from './start-sign-in.ts'

/** A sealed value in Redis. `field` is of a hash; `stamp` is what stands before it, in the clear. */
type Value = { key: string; field: string | undefined; stamp: Buffer; sealed: Buffer; place: FieldPlace }

const kinds = ['session', 'sign-in'] as const
const scannedAtOnce = 200

/** Replaces a value unless somebody has changed it, or it has expired, meanwhile. */
const replaceScript = `
  if ARGV[3] == '' then
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
  else
    if redis.call('HGET', KEYS[1], ARGV[3]) ~= ARGV[1] then return 0 end
    redis.call('HSET', KEYS[1], ARGV[3], ARGV[2])
  end
  return 1`

/** What `createRedisTokenStore` keeps sealed, to be counted by master key and sealed anew while the service runs. */
export function createRedisSealedSessions(redis: RedisClient, prefix = redisPrefix): SealedStore {
  const replace = async ({ key, field = '', stamp, sealed }: Value, anew: Buffer) => {
    const [before, after] = [Buffer.concat([stamp, sealed]), Buffer.concat([stamp, anew])]
    return (await askRedis(redis.eval(replaceScript, 1, key, before, after, field))) === 1
  }
  return {
    async count() {
      const counts = new Map<string, SealedCount>()
      for await (const { place, sealed } of readValues(redis, prefix)) {
        const masterKeyId = masterKeyIdIn(sealed)
        const name = `${place.table}.${place.column} ${masterKeyId}`
        const known = counts.get(name) ?? { ...labelOf(place), masterKeyId, count: 0 }
        counts.set(name, { ...known, count: known.count + 1 })
      }
      return [...counts.values()]
    },
    async rewrap(currentId, reseal) {
      const reports = new Map<string, RewrapReport>()
      for await (const value of readValues(redis, prefix)) {
        const { place, sealed } = value
        const label = labelOf(place)
        const name = `${label.table}.${label.column}`
        const report = reports.get(name) ?? { ...label, sealed: 0, passed: 0, unopened: [] }
        reports.set(name, report)
        if (masterKeyIdIn(sealed) === currentId) continue
        const anew = await reseal(sealed, place)
        if (!anew) report.unopened.push(place.row)
        else report[(await replace(value, anew)) ? 'sealed' : 'passed'] += 1
      }
      return [...reports.values()]
    },
  }
}

/** The same names as in the database, where sessions may lie, too. */
const labelOf = ({ table, column }: FieldPlace) => ({ table: `Redis ${table}`, column })

async function* readValues(redis: RedisClient, prefix: string): AsyncGenerator<Value> {
  for (const kind of kinds) {
    for await (const key of scan(redis, `${prefix}${kind}:`)) {
      const id = key.slice(prefix.length + kind.length + 1)
      yield* kind === 'session' ? await readSession(redis, key, id) : await readSignIn(redis, key, id)
    }
  }
}

async function readSession(redis: RedisClient, key: string, sessionId: string): Promise<Value[]> {
  const fields = Object.entries(await askRedis(redis.hgetallBuffer(key)))
  return fields.flatMap(([field, value]): Value[] => {
    if (field === 'record')
      return [{ key, field, stamp: Buffer.alloc(0), sealed: value, place: recordPlace(sessionId) }]
    const [, hash] = /^token:(.+)$/.exec(field) ?? []
    // A token that was not rotated has no successor yet.
    if (hash === undefined || value.length === 0) return []
    return [{ key, field, ...splitStamp(value), place: successorPlace(hash) }]
  })
}

async function readSignIn(redis: RedisClient, key: string, id: string): Promise<Value[]> {
  const value = await askRedis(redis.getBuffer(key))
  return value ? [{ key, field: undefined, ...splitStamp(value), place: signInPlace(id) }] : []
}

function splitStamp(value: Buffer): { stamp: Buffer; sealed: Buffer } {
  const end = value.indexOf(':') + 1
  return { stamp: value.subarray(0, end), sealed: value.subarray(end) }
}

/** Every key that begins so, each once, on every node of a cluster. */
async function* scan(redis: RedisClient, start: string): AsyncGenerator<string> {
  const seen = new Set<string>()
  for (const node of listNodes(redis)) {
    for (let cursor: string | undefined; cursor !== '0'; ) {
      const match = `${start.replaceAll(/[*?[\]\\]/g, '\\$&')}*`
      const [next, keys] = await askRedis(node.scan(cursor ?? '0', 'MATCH', match, 'COUNT', scannedAtOnce))
      cursor = next
      for (const key of keys.filter((one) => !seen.has(one))) {
        seen.add(key)
        yield key
      }
    }
  }
}
