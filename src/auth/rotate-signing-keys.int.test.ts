import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AuditLog, createAuditLog, verifyAudit } from '#audit'
import { createFieldCipher, createFileKeyService } from '#platform/encryption'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { createAccessTokens } from './access-token.ts'
import { keepSigningKeys } from './keep-signing-keys.ts'
import { measureKeyAge } from './measure-key-age.ts'
import { type RotationTimes, rotationTimes } from './plan-key-change.ts'
import { createKeyRotation } from './rotate-signing-keys.ts'
import { createPostgresSigningKeyStore } from './signing-key-store.postgres.ts'
import { createSigningKeys, jwksMaxAgeS } from './signing-keys.ts'

const log = createLogger({ level: 'silent', role: 'test' })
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const begin = Date.parse('2026-11-23T05:00:00Z')
const claims = {
  userId: '6f1c3c2e-6c0a-4a59-8f0e-3d8c6f4f0a01',
  sessionId: '6f1c3c2e-6c0a-4a59-8f0e-3d8c6f4f0a02',
  roles: ['employee' as const],
}
const keyFile = (async () => join(await mkdtemp(join(tmpdir(), 'auth-rotation-')), 'key'))()

let db: TestDatabase
let time = begin
beforeEach(async () => {
  db = await createTestDatabase()
  time = begin
})
afterEach(() => db.drop())

const now = () => new Date(time)
const cipherOf = async () => createFieldCipher(createFileKeyService(await keyFile))
const store = () => createPostgresSigningKeyStore(db.database)
async function openReplica() {
  const keys = createSigningKeys({ store: store(), cipher: await cipherOf(), now })
  return { keys, ...createAccessTokens({ keys, issuer: 'https://chat.example.com', now }) }
}
async function openRotation(times: RotationTimes = rotationTimes(), given?: AuditLog) {
  const cipher = await cipherOf()
  const audit = given ?? createAuditLog(db.database, log, cipher)
  return createKeyRotation({ store: store(), cipher, audit, log, times, now })
}
const issue = async (replica: Awaited<ReturnType<typeof openReplica>>) =>
  (await replica.issue(claims, new Date(time + dayMs))).token
const readActions = async () =>
  (
    await sql<{ details: Record<string, unknown> }>`
      select details from audit_log where action = 'signing-keys.change' order by id`.execute(db.database.kysely)
  ).rows.map(({ details }) => details)

describe('the schedule', () => {
  test('publishes a key a day before it signs, and withdraws the old one after its last token has expired', async () => {
    const [rotation, replica] = [await openRotation(), await openReplica()]
    const first = (await replica.keys.findSigningKey()).kid
    const states = async () => Object.fromEntries((await rotation.list()).map(({ kid, state }) => [kid, state]))
    const moveTo = async (at: number) => {
      time = begin + at
      await rotation.keepRotated()
    }
    await moveTo(89 * dayMs - 1)
    expect(await states()).toEqual({ [first]: 'signing' })
    await moveTo(89 * dayMs)
    const next = (await rotation.list()).find(({ kid }) => kid !== first)!.kid
    expect(await states()).toEqual({ [first]: 'signing', [next]: 'published' })
    expect((await replica.keys.listPublicKeys()).map(({ kid }) => kid).sort()).toEqual([first, next].sort())
    await moveTo(90 * dayMs)
    expect(await states()).toEqual({ [first]: 'verifying', [next]: 'signing' })
    await moveTo(90 * dayMs + 70 * minuteMs)
    expect(await states()).toEqual({ [first]: 'retired', [next]: 'signing' })
    expect((await replica.keys.listPublicKeys()).map(({ kid }) => kid)).toEqual([next])
    await moveTo(97 * dayMs + 70 * minuteMs)
    expect(await states()).toEqual({ [next]: 'signing' })
    expect(await readActions()).toMatchObject([
      { by: 'schedule', added: next },
      { by: 'schedule', removed: [first] },
    ])
  })

  test('through three changes, refuses no token of its own anywhere, nor at one who keeps the public keys', async () => {
    const times = { periodMs: 6 * hourMs, leadMs: hourMs, commandLeadMs: 5 * minuteMs }
    const rotation = await openRotation(times)
    const [signer, verifier] = [await openReplica(), await openReplica()]
    const kept = { at: 0, kids: [] as string[] }
    const issued: { token: string; until: number }[] = []
    const kids = new Set<string>()
    for (time = begin; time < begin + 20 * hourMs; time += 5 * minuteMs) {
      await rotation.keepRotated()
      if (time - kept.at >= jwksMaxAgeS * 1_000) {
        kept.at = time
        kept.kids = (await verifier.keys.listPublicKeys()).map(({ kid }) => kid)
      }
      issued.push({ token: await issue(signer), until: time + hourMs })
      for (const { token, until } of issued.filter(({ until }) => until > time)) {
        await expect(verifier.verify(token), `${until}`).resolves.toMatchObject({ userId: claims.userId })
        const { kid } = JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString())
        kids.add(kid)
        expect(kept.kids).toContain(kid)
      }
    }
    expect(kids.size).toBe(4)
  })

  test('of many workers one makes the key; after a year without any, one is made up for', async () => {
    const first = (await (await openReplica()).keys.findSigningKey()).kid
    time = begin + 365 * dayMs
    const rotations = await Promise.all(Array.from({ length: 5 }, () => openRotation()))
    const kept = rotations.map((rotation) => keepSigningKeys({ rotation, log }))
    await Promise.all(kept.map((one) => one.close()))
    const keys = await store().listKeys()
    expect(keys).toHaveLength(2)
    expect(keys[0]!.signsFrom.getTime()).toBe(time + dayMs)
    expect(keys[1]).toMatchObject({ kid: first, retiresAt: new Date(time + dayMs + 70 * minuteMs) })
    expect(await readActions()).toHaveLength(1)
    expect(await verifyAudit(db.database)).toMatchObject({ kind: 'intact' })
  })
})

describe('a command', () => {
  test('publishes a new key five minutes before it signs', async () => {
    const [rotation, replica] = [await openRotation(), await openReplica()]
    const token = await issue(replica)
    await rotation.rotate({ atOnce: false, operator: 'ops' })
    time += 5 * minuteMs - 1
    const old = (await replica.keys.findSigningKey()).kid
    expect((await replica.keys.listPublicKeys()).length).toBe(2)
    time += 1
    expect((await replica.keys.findSigningKey()).kid).not.toBe(old)
    await expect(replica.verify(token)).resolves.toBeDefined()
    expect(await readActions()).toMatchObject([{ by: 'command', operator: 'ops', atOnce: false }])
  })

  test('in an emergency ends what the old keys signed within seconds, everywhere', async () => {
    const [rotation, signer, verifier] = [await openRotation(), await openReplica(), await openReplica()]
    const token = await issue(signer)
    await rotation.rotate({ atOnce: false, operator: 'ops' })
    await expect(verifier.verify(token)).resolves.toBeDefined()
    await rotation.rotate({ atOnce: true, operator: 'ops' })
    time += 5_000
    await expect(verifier.verify(token)).rejects.toThrow('TOKEN_INVALID')
    await expect(signer.verify(token)).rejects.toThrow('TOKEN_INVALID')
    const fresh = await issue(signer)
    await expect(verifier.verify(fresh)).resolves.toBeDefined()
    expect((await rotation.list()).map(({ state }) => state).sort()).toEqual(['retired', 'retired', 'signing'])
    // The key that was waiting its turn does not get it.
    time += dayMs
    await expect(verifier.verify(await issue(signer))).resolves.toBeDefined()
    expect((await verifier.keys.listPublicKeys()).length).toBe(1)
  })

  test('that cannot be audited changes nothing', async () => {
    const replica = await openReplica()
    const { kid } = await replica.keys.findSigningKey()
    const refuse = () => Promise.reject(new Error('AUDIT_UNAVAILABLE'))
    const audit = { record: refuse, recordWith: refuse }
    const rotation = await openRotation(rotationTimes(), audit)
    await expect(rotation.rotate({ atOnce: true, operator: 'ops' })).rejects.toThrow('AUDIT_UNAVAILABLE')
    expect((await store().listKeys()).map(({ kid, retiresAt }) => [kid, retiresAt])).toEqual([[kid, null]])
  })
})

test('the age of the signing key is shown', async () => {
  const metrics = createMetrics()
  measureKeyAge(metrics, (await openReplica()).keys, now)
  const read = () => metrics.registry.getSingleMetricAsString('auth_signing_key_age_seconds')
  expect(await read()).toMatch(/seconds 0$/m)
  time += 91 * dayMs
  expect(await read()).toMatch(/seconds 7862400$/m)
  await sql`drop table auth_signing_keys`.execute(db.database.kysely)
  time += minuteMs
  expect(await read()).not.toMatch(/seconds \d/)
})
