import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addMasterKey, createFieldCipher, createFileKeyService, removeMasterKey } from '#platform/encryption'
import { createLogger } from '#platform/log'
import { openRedis, type RedisClient } from '#platform/redis'
import { countSealed, type RewrapReport, rewrapValues } from '#platform/rewrap'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { hasRedis, startTestRedis, type TestRedis } from '../../test/support/test-redis.ts'
import { newRefreshToken, readRefreshToken } from './refresh-token.ts'
import { createRedisSealedSessions } from './sealed-sessions.redis.ts'
import { createSessionSeal } from './session-record.ts'
import { signInPlace } from './start-sign-in.ts'
import { createRedisTokenStore } from './token-store.redis.ts'

const log = createLogger({ level: 'silent', role: 'test' })
const record = { userId: randomUUID(), signedInAt: new Date().toISOString(), address: '203.0.113.7', device: {} }

describe.skipIf(!hasRedis).each([{ isCluster: false }, { isCluster: true }])(
  'sessions in Redis, %o',
  ({ isCluster }) => {
    let db: TestDatabase
    let server: TestRedis
    let redis: RedisClient
    let keyFile: string

    beforeAll(async () => {
      db = await createTestDatabase()
      server = await startTestRedis({ isCluster })
      redis = openRedis({ url: server.url, isCluster }, log)
      await once(redis, 'ready')
    })
    afterAll(async () => {
      redis.disconnect()
      await server.close()
      await db.drop()
    })
    beforeEach(async () => {
      keyFile = join(await mkdtemp(join(tmpdir(), 'sealed-sessions-')), 'key')
      await redis.flushall()
    })

    /** The tools of a process that starts now. */
    const open = () => {
      const keys = createFileKeyService(keyFile)
      const stores = [createRedisSealedSessions(redis)]
      return { database: db.database, keys, cipher: createFieldCipher(keys), columns: [], stores }
    }
    type Tools = ReturnType<typeof open>
    const rewrap = async (tools: Tools) => {
      const reports: RewrapReport[] = []
      await rewrapValues(tools, (report) => reports.push(report))
      return Object.fromEntries(reports.map(({ table, column, ...report }) => [`${table}.${column}`, report]))
    }
    const countsOf = async (tools: Tools) =>
      Object.fromEntries(
        (await countSealed(tools)).map(({ table, column, masterKeyId, count }) => [
          `${table}.${column} ${masterKeyId}`,
          count,
        ]),
      )
    /** A session whose first token was rotated. */
    async function openRotated({ cipher }: Tools) {
      const tokens = createRedisTokenStore({ redis })
      const seal = createSessionSeal(cipher)
      const sessionId = randomUUID()
      const expiresAt = new Date(Date.now() + 3_600_000)
      const [first, second] = [newRefreshToken(sessionId), newRefreshToken(sessionId)]
      const key = { sessionId, hash: first.hash }
      const sealed = await seal.sealRecord(record, sessionId)
      await tokens.openSession({ sessionId, record: sealed, expiresAt, usedAt: new Date() }, first.hash, ['mark'])
      await tokens.rotateToken(key, second.hash, await seal.sealSuccessor(second.token, key))
      return { sessionId, first: first.token, second: second.token }
    }
    const read = async ({ cipher }: Tools, token: string) => {
      const seal = createSessionSeal(cipher)
      const found = await createRedisTokenStore({ redis }).findToken(readRefreshToken(token)!)
      const successor = found?.rotated && (await seal.openSuccessor(found.rotated.successor, found))
      return { record: found && (await seal.openRecord(found.record, found.sessionId)), successor }
    }

    test('are sealed anew with their tokens and sign-ins under way, and last as long as before', async () => {
      const before = open()
      const sessions = await Promise.all(Array.from({ length: 30 }, () => openRotated(before)))
      const signIn = await before.cipher.encrypt('under way', signInPlace('key'))
      await createRedisTokenStore({ redis }).saveSignIn('key', signIn, new Date(Date.now() + 600_000))
      const oldId = await before.keys.currentKeyId()
      const names = ['Redis auth_sessions.record', 'Redis auth_refresh_tokens.successor', 'Redis auth_sign_ins.record']
      const counts = (id: string) => ({
        [`${names[0]} ${id}`]: 30,
        [`${names[1]} ${id}`]: 30,
        [`${names[2]} ${id}`]: 1,
      })
      expect(await countsOf(before)).toEqual(counts(oldId))

      const newId = await addMasterKey(keyFile)
      const report = { passed: 0, unopened: [] }
      expect(await rewrap(open())).toEqual({
        [names[0]!]: { ...report, sealed: 30 },
        [names[1]!]: { ...report, sealed: 30 },
        [names[2]!]: { ...report, sealed: 1 },
      })
      expect(await countsOf(open())).toEqual(counts(newId))
      expect(Object.values(await rewrap(open())).map(({ sealed }) => sealed)).toEqual([0, 0, 0])

      await removeMasterKey(keyFile, oldId)
      const after = open()
      for (const { first, second } of sessions) {
        expect(await read(after, first)).toEqual({ record, successor: second })
        expect(await read(after, second)).toEqual({ record, successor: undefined })
      }
      const taken = await createRedisTokenStore({ redis }).takeSignIn('key')
      expect(await after.cipher.decrypt(taken!, signInPlace('key'))).toBe('under way')
      for (const { sessionId } of sessions) {
        const life = await redis.pttl(`erp-chatbot:session:${sessionId}`)
        expect(life).toBeGreaterThan(3_500_000)
        expect(life).toBeLessThanOrEqual(3_600_000)
      }
    })

    test('that end meanwhile are passed over, and what does not open is named and left', async () => {
      const before = open()
      const [ending, swapped] = [await openRotated(before), await openRotated(before)]
      const keyOf = (id: string) => `erp-chatbot:session:${id}`
      const foreign = await redis.hgetBuffer(keyOf(ending.sessionId), 'record')
      await redis.hset(keyOf(swapped.sessionId), 'record', foreign!)
      await addMasterKey(keyFile)
      const tools = open()
      const cipher = {
        ...tools.cipher,
        encrypt: async (...call: Parameters<typeof tools.cipher.encrypt>) => {
          if (call[1].row === ending.sessionId) await createRedisTokenStore({ redis }).endSession(ending.sessionId)
          return await tools.cipher.encrypt(...call)
        },
      }
      const reports = await rewrap({ ...tools, cipher })
      expect(reports['Redis auth_sessions.record']).toEqual({ sealed: 0, passed: 1, unopened: [swapped.sessionId] })
      expect(await redis.exists(keyOf(ending.sessionId))).toBe(0)
      expect(await redis.hgetBuffer(keyOf(swapped.sessionId), 'record')).toEqual(foreign)
    })
  },
)
