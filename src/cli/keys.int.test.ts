import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAuditLog, createAuditSeal, verifyAudit } from '#audit'
import { createFieldCipher, createFileKeyService } from '#platform/encryption'
import { createLogger } from '#platform/log'
import { openRedis } from '#platform/redis'
import { startKmsSimulator } from '../../test/support/kms-simulator.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { hasRedis, startTestRedis } from '../../test/support/test-redis.ts'

let folder: string
let keyFile: string
let db: TestDatabase
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'erp-chatbot-keys-cli-'))
  keyFile = join(folder, 'service.key')
  db = await createTestDatabase()
})
afterAll(async () => {
  await db.drop()
  await rm(folder, { recursive: true })
})

/** Runs `npm run -s keys -- …args` as an operator would. */
let more: Record<string, string> = {}
const keys = (...args: string[]) =>
  new Promise<{ code: number; out: string; error: string }>((resolve) => {
    const env = { PATH: process.env.PATH, DATABASE_URL: db.url, KEY_FILE: keyFile, ...more }
    execFile(process.execPath, ['src/cli/keys.ts', ...args], { env }, (failure, out, error) =>
      resolve({ code: Number(failure?.code ?? 0), out, error }),
    )
  })
const masterKeys = async (): Promise<string[]> =>
  JSON.parse(await readFile(keyFile, 'utf8')).keys.map(({ id }: { id: string }) => id)

/** Where the sign-in of the audit trail came from, as a process reads it that starts now. */
async function readAddress(): Promise<string | null> {
  const { rows } = await sql<{ ref: string; content: Buffer }>`
    select ref, sealed as content from audit_log where action = 'sign-in'`.execute(db.database.kysely)
  const seal = createAuditSeal(db.database, createFieldCipher(createFileKeyService(keyFile)))
  return (await seal.open({ ...rows[0]!, ipMark: null })).ip
}

test('signing keys are listed, changed, and withdrawn in an emergency', { timeout: 180_000 }, async () => {
  expect((await keys()).out).toMatch(/No signing key yet/)
  await keys('rotate', '--now')
  const [, first] = /^(\S+) {2}signing/m.exec((await keys('list')).out) ?? []
  const rotated = await keys('rotate')
  expect(rotated.out).toMatch(new RegExp(`^${first}  signing .*retires`, 'm'))
  expect(rotated.out).toMatch(/published/)
  const { out } = await keys('rotate', '--now')
  expect(out.match(/ retired /g)).toHaveLength(2)
  expect(out.match(/ signing /g)).toHaveLength(1)
})

test('a master key is replaced step by step, and dropped when nothing hangs on it', { timeout: 180_000 }, async () => {
  const place = { table: 'auth_sign_ins', column: 'record', row: 'key' }
  const cipher = createFieldCipher(createFileKeyService(keyFile))
  const sealed = await cipher.encrypt('text', place)
  const entry = { actorId: null, action: 'sign-in', outcome: 'ok', ip: '203.0.113.7', details: {} } as const
  await createAuditLog(db.database, createLogger({ level: 'silent', role: 'test' }), cipher).record(entry)
  await sql`insert into auth_sign_ins values ('key', ${sealed}, now())`.execute(db.database.kysely)
  const [old = ''] = await masterKeys()
  expect(await keys('status')).toMatchObject({
    code: 0,
    out: expect.stringContaining(`under the current master key, ${old}`),
  })

  const { id } = { id: JSON.parse((await keys('new-master', '--standby', '--json')).out).masterKeyId }
  expect((await keys('status')).out).toContain(`current master key, ${old}`)
  expect((await keys('use-master', id)).out).toContain(`${id} is the current one`)
  expect(await keys('drop-master', old)).toMatchObject({
    code: 1,
    error: expect.stringMatching(/^6 values are still sealed under/),
  })
  expect(await keys('status')).toMatchObject({ code: 1, out: expect.stringMatching(/^6 values are still sealed/m) })
  expect(await keys('rewrap')).toMatchObject({ code: 0, out: expect.stringMatching(/private_key +3 sealed anew/) })
  expect((await keys('drop-master', old)).out).toContain('was removed')
  expect(await masterKeys()).toEqual([id])
  expect(await readAddress()).toBe('203.0.113.7')
  expect((await keys('list')).out).toMatch(/ signing /)

  const { rows } = await sql<{
    action: string
  }>`select action from audit_log where action like 'master%' order by id`.execute(db.database.kysely)
  expect(rows.map(({ action }) => action.split('.')[1])).toEqual([
    'new-master',
    'use-master',
    'drop-master',
    'rewrap',
    'drop-master',
  ])
  expect(await verifyAudit(db.database)).toMatchObject({ kind: 'intact' })
})

test('what cannot be done is one sentence', { timeout: 180_000 }, async () => {
  expect(await keys('sing')).toMatchObject({ code: 1, error: expect.stringMatching(/^Usage: npm run -s keys/) })
  expect(await keys('drop-master')).toMatchObject({ code: 1, error: expect.stringMatching(/^Usage/) })
  expect(await keys('use-master', '00000000')).toMatchObject({
    code: 1,
    error: expect.stringMatching(/no master key 00000000/),
  })
})

test.skipIf(!hasRedis)('sessions in Redis are counted and sealed anew, too', { timeout: 180_000 }, async () => {
  await using server = await startTestRedis()
  more = { REDIS_URL: server.url }
  const redis = openRedis({ url: server.url }, createLogger({ level: 'silent', role: 'test' }))
  await once(redis, 'ready')
  const place = { table: 'auth_sessions', column: 'record', row: 'id' }
  const sealed = await createFieldCipher(createFileKeyService(keyFile)).encrypt('a session', place)
  await redis.hset('erp-chatbot:session:id', 'record', sealed)
  redis.disconnect()
  const [old = ''] = await masterKeys()
  await keys('new-master')
  expect((await keys('status')).out).toMatch(new RegExp(`^Redis auth_sessions.record +${old} +old +1$`, 'm'))
  expect(await keys('rewrap')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Redis auth_sessions.record +1 sealed anew/m),
  })
  expect((await keys('drop-master', old)).out).toContain('was removed')
  await server.close()
  expect(await keys('rewrap')).toMatchObject({
    code: 1,
    error: 'Redis cannot be reached, where sessions are sealed, too.\n',
  })
  expect(await keys('list')).toMatchObject({ code: 0 })
  more = {}
})

test('what a key file sealed is moved to KMS', { timeout: 180_000 }, async () => {
  const simulator = await startKmsSimulator()
  more = {
    ...{ KMS_KEY_ID: 'alias/erp-chatbot', KMS_REGION: 'ap-northeast-2', KMS_ENDPOINT: simulator.url },
    ...{ AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' },
  }
  expect(await keys('status')).toMatchObject({ code: 1, out: expect.stringMatching(/values are still sealed under/) })
  expect(await keys('rewrap')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/Everything is sealed under the current/),
  })
  more.KEY_FILE = ''
  expect(await keys('status')).toMatchObject({ code: 0 })
  await keys('rotate', '--now')
  expect(await keys('new-master')).toMatchObject({ code: 1, error: expect.stringMatching(/^KEY_FILE is not set/) })
  simulator.replaceKey()
  expect(await keys('status')).toMatchObject({ code: 1, out: expect.stringMatching(/values are still sealed under/) })
  expect(await keys('rewrap')).toMatchObject({ code: 0 })
  simulator.disable()
  expect(await keys('rotate')).toMatchObject({
    code: 1,
    error: expect.stringMatching(/KMS\) refused: DisabledException/),
  })
  more = {}
  await simulator.close()
})
