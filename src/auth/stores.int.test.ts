import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compactVerify, SignJWT } from 'jose'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFieldCipher, createFileKeyService } from '#platform/encryption'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { createPostgresSigningKeyStore } from './signing-key-store.postgres.ts'
import { createSigningKeys } from './signing-keys.ts'
import { describeTokenStore } from './token-store.contract.ts'
import { createPostgresTokenStore } from './token-store.postgres.ts'
import { createPostgresUserStore } from './user-store.postgres.ts'
import type { Profile } from './user-store.ts'

describeTokenStore('PostgreSQL', {
  open: async (now) => {
    const { database, drop } = await createTestDatabase()
    return { store: createPostgresTokenStore(database, now), close: drop }
  },
})

describe('people in PostgreSQL', () => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await createTestDatabase()
  })
  afterAll(async () => await db.drop())

  const at = new Date('2026-11-23T05:00:00Z')
  const profile: Profile = {
    issuer: 'https://idp.example',
    subject: '42',
    name: '김민수',
    department: '국내영업팀',
    email: 'minsu@example.com',
    roles: ['employee', 'sales'],
    language: null,
  }

  test('a first sign-in makes the person, a later one updates them under the same id', async () => {
    const users = createPostgresUserStore(db.database)
    const first = await users.saveSignIn(profile, at)
    expect(await users.findUser(first.userId)).toEqual(first)
    const moved = await users.saveSignIn({ ...profile, department: '구매팀', roles: ['employee'] }, at)
    expect(moved).toEqual({ ...first, department: '구매팀', roles: ['employee'] })
    expect(await users.findUser(first.userId)).toEqual(moved)
  })

  test('names are told of those who are known', async () => {
    const users = createPostgresUserStore(db.database)
    const known = await users.saveSignIn({ ...profile, subject: '43' }, at)
    const nobody = '9b2f3f6e-6a3f-4a53-9c5d-0d6f4a6f2f10'
    expect(await users.namesOf([known.userId, nobody, known.userId])).toEqual(new Map([[known.userId, '김민수']]))
    expect(await users.namesOf([])).toEqual(new Map())
  })

  test('many first sign-ins at once make one person; the same subject elsewhere is another', async () => {
    const users = createPostgresUserStore(db.database)
    const mine = { ...profile, subject: 'tabs' }
    const made = await Promise.all(Array.from({ length: 5 }, () => users.saveSignIn(mine, at)))
    expect(new Set(made.map(({ userId }) => userId)).size).toBe(1)
    const other = await users.saveSignIn({ ...mine, issuer: 'https://other.example' }, at)
    expect(other.userId).not.toBe(made[0]!.userId)
  })

  test('a disabled person stays disabled, whatever the provider says', async () => {
    const users = createPostgresUserStore(db.database)
    const { userId } = await users.saveSignIn({ ...profile, subject: 'gone' }, at)
    await sql`update auth_users set disabled = true where user_id = ${userId}`.execute(db.database.kysely)
    expect((await users.saveSignIn({ ...profile, subject: 'gone' }, at)).disabled).toBe(true)
  })
})

describe('signing keys in PostgreSQL', () => {
  let db: TestDatabase
  let time = Date.parse('2026-11-23T05:00:00Z')
  beforeAll(async () => {
    db = await createTestDatabase()
  })
  afterAll(async () => await db.drop())

  const keyFile = (async () => join(await mkdtemp(join(tmpdir(), 'auth-keys-')), 'key'))()
  const replica = async () =>
    createSigningKeys({
      store: createPostgresSigningKeyStore(db.database),
      cipher: createFieldCipher(createFileKeyService(await keyFile)),
      now: () => new Date(time),
    })

  test('replicas that start at once agree on one key, and each verifies what another signed', async () => {
    await (await replica()).listPublicKeys().then(() => sql`delete from auth_signing_keys`.execute(db.database.kysely))
    const replicas = await Promise.all([replica(), replica(), replica(), replica()])
    const signing = await Promise.all(replicas.map((keys) => keys.findSigningKey()))
    expect(new Set(signing.map(({ kid }) => kid)).size).toBe(1)
    const { kid, key } = signing[0]!
    const token = await new SignJWT({}).setProtectedHeader({ alg: 'RS256', kid }).sign(key)
    const publicKey = await replicas[3]!.findPublicKey(kid)
    await expect(compactVerify(token, publicKey!)).resolves.toBeDefined()
  })

  test('of many first keys one stands', async () => {
    await using empty = await createTestDatabase()
    const store = createPostgresSigningKeyStore(empty.database)
    const key = (kid: string) => ({
      kid,
      publicKey: { kty: 'RSA', n: '', e: '', kid, alg: 'RS256', use: 'sig' },
      privateKey: Buffer.from(kid),
      signsFrom: new Date(time),
      retiresAt: null,
    })
    await Promise.all(Array.from({ length: 8 }, (_, i) => store.addFirstKey(key(`key ${i}`))))
    expect(await store.listKeys()).toHaveLength(1)
  })

  test('what is published holds nothing private, and what is stored is sealed', async () => {
    const [published] = await (await replica()).listPublicKeys()
    expect(Object.keys(published!).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
    const { rows } = await sql<{ private_key: Buffer; public_key: object }>`select * from auth_signing_keys`.execute(
      db.database.kysely,
    )
    expect(rows[0]!.private_key.toString('latin1')).not.toContain('PRIVATE KEY')
    expect(rows[0]!.public_key).toEqual(published)
  })

  test('a new key is published before it signs, and an old one after; a retired one is gone', async () => {
    const first = (await (await replica()).findSigningKey()).kid
    const other = await createTestDatabase()
    const donor = createPostgresSigningKeyStore(other.database)
    const cipher = createFieldCipher(createFileKeyService(await keyFile))
    await createSigningKeys({ store: donor, cipher, now: () => new Date(time + 3_600_000) }).listPublicKeys()
    const [next] = await donor.listKeys()
    await other.drop()

    const keys = await replica()
    expect(await keys.findPublicKey('made up')).toBeUndefined()
    await sql`insert into auth_signing_keys values (${next!.kid}, ${JSON.stringify(next!.publicKey)}::jsonb, ${next!.privateKey}, ${next!.signsFrom}, null)`.execute(
      db.database.kysely,
    )
    // A kid that is new to a replica makes it look again, but not at every made-up one.
    expect(await keys.findPublicKey(next!.kid)).toBeUndefined()
    time += 5_000
    expect(await keys.findPublicKey(next!.kid)).toBeDefined()
    expect((await keys.listPublicKeys()).map(({ kid }) => kid).sort()).toEqual([first, next!.kid].sort())
    expect((await keys.findSigningKey()).kid).toBe(first)

    time += 3_600_000
    expect((await keys.findSigningKey()).kid).toBe(next!.kid)
    expect(await keys.findPublicKey(first)).toBeDefined()
    await sql`update auth_signing_keys set retires_at = ${new Date(time + 60_000)} where kid = ${first}`.execute(
      db.database.kysely,
    )
    time += 60_000
    expect(await keys.findPublicKey(first)).toBeUndefined()
  })
})
