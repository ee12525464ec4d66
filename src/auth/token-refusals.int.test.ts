import { createHmac, randomUUID } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK, exportSPKI, generateKeyPair, importJWK, type JWTPayload, SignJWT } from 'jose'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFieldCipher, createFileKeyService } from '#platform/encryption'
import { findFreePort } from '../../demo/postgres/free-port.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { createAccessTokens } from './access-token.ts'
import { openSession, type SessionTokens } from './open-session.ts'
import { startTestService, type TestService } from './service-fixture.ts'
import { createSessionSeal } from './session-record.ts'
import { createPostgresSigningKeyStore } from './signing-key-store.postgres.ts'
import type { PublicSigningKey, SigningKeyStore } from './signing-key-store.ts'
import { createSigningKeys } from './signing-keys.ts'
import { createPostgresTokenStore } from './token-store.postgres.ts'
import { createPostgresUserStore } from './user-store.postgres.ts'

type Pair = Awaited<ReturnType<typeof generateKeyPair>>

let db: TestDatabase
let service: TestService
let bait: Server
let baitReads = 0
let kid: string
let signingKey: Pair['privateKey']
let publicKey: PublicSigningKey
let foreign: Pair
let session: SessionTokens
let good: JWTPayload
const seconds = Math.floor(Date.now() / 1_000)
const now = () => new Date()

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'auth-refusals-'))
  db = await createTestDatabase()
  const provider = { issuer: 'http://127.0.0.1:9', clientId: 'chatbot', clientSecret: 'secret' }
  service = await startTestService({ port: await findFreePort(), database: db.database, folder, provider })
  const cipher = createFieldCipher(createFileKeyService(join(folder, 'key')))
  const keys = createSigningKeys({ store: createPostgresSigningKeyStore(db.database), cipher, now })
  ;({ kid, key: signingKey } = await keys.findSigningKey())
  publicKey = (await keys.findPublicKey(kid))!
  foreign = await generateKeyPair('RS256', { extractable: true })
  const users = createPostgresUserStore(db.database)
  const who = { issuer: 'https://idp.example', subject: 'hyerim' }
  const profile = { ...who, name: '우혜림', department: '경영지원팀', email: '' }
  const user = await users.saveSignIn({ ...profile, roles: ['employee', 'admin'], language: null }, now())
  const accessTokens = createAccessTokens({ keys, issuer: service.origin, now })
  const tokens = createPostgresTokenStore(db.database)
  session = await openSession(
    { tokens, users, accessTokens, seal: createSessionSeal(cipher), idleMs: 3_600_000, now },
    user,
    {
      from: { address: '', device: {} },
      ...who,
      idToken: '',
    },
  )
  good = {
    ...{ iss: service.origin, aud: 'erp-chatbot', sub: user.userId, sid: session.sessionId, scope: 'employee admin' },
    ...{ client_id: 'erp-chatbot', jti: randomUUID(), iat: seconds, exp: seconds + 3_600 },
  }
  const jwk = { ...(await exportJWK(foreign.publicKey)), kid, alg: 'RS256', use: 'sig' }
  bait = createServer((_, response) => {
    baitReads += 1
    response.end(JSON.stringify({ keys: [jwk] }))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => bait.once('listening', resolve))
})
afterAll(async () => {
  bait.close()
  await service.close()
  await db.drop()
})

type Change = {
  claims?: Record<string, unknown>
  header?: Record<string, unknown>
  key?: Pair['privateKey'] | Uint8Array
}
const forge = async ({ claims, header, key }: Change = {}) =>
  await new SignJWT({ ...good, ...claims })
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid, ...header })
    .sign(key ?? signingKey)
const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
const byHmac = (secret: string) => {
  const text = `${encode({ alg: 'HS256', typ: 'at+jwt', kid })}.${encode(good)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}
const baitUrl = () => `http://127.0.0.1:${(bait.address() as AddressInfo).port}/jwks.json`
const withForeign = (header: Record<string, unknown>) => forge({ header, key: foreign.privateKey })

const refusals: [string, () => Promise<string> | string][] = [
  ['no signature (alg none)', () => `${encode({ alg: 'none', typ: 'at+jwt', kid })}.${encode(good)}.`],
  [
    'alg none over a real signature',
    async () => {
      const [, payload, signature] = (await forge()).split('.')
      return `${encode({ alg: 'none', typ: 'at+jwt', kid })}.${payload}.${signature}`
    },
  ],
  [
    'HS256 with our public key in PEM',
    async () => {
      return byHmac(await exportSPKI((await importJWK(publicKey, 'RS256', { extractable: true })) as Pair['publicKey']))
    },
  ],
  ['HS256 with our public key as published', () => byHmac(JSON.stringify(publicKey))],
  ['HS256 with an empty secret', () => byHmac('')],
  ['another issuer', () => forge({ claims: { iss: 'https://evil.example' } })],
  ['another audience', () => forge({ claims: { aud: 'other' } })],
  ['no audience', () => forge({ claims: { aud: undefined } })],
  ['an ID token’s type', () => forge({ header: { typ: 'JWT' } })],
  ['a logout token’s type', () => forge({ header: { typ: 'logout+jwt' } })],
  ['no type', () => forge({ header: { typ: undefined } })],
  ['an hour that is over', () => forge({ claims: { iat: seconds - 7_200, exp: seconds - 3_600 } })],
  ['no expiry', () => forge({ claims: { exp: undefined } })],
  ['an expiry that is no number', () => forge({ claims: { exp: 'never' } })],
  ['a start to come', () => forge({ claims: { nbf: seconds + 600 } })],
  ['an issue to come', () => forge({ claims: { iat: seconds + 600 } })],
  ['an unknown kid', () => forge({ header: { kid: 'unknown' } })],
  ['no kid', () => forge({ header: { kid: undefined } })],
  ['a kid that is a path', () => forge({ header: { kid: '../../etc/passwd' } })],
  ['a kid that is SQL', () => forge({ header: { kid: `' or '1'='1` } })],
  ['a foreign key under our kid', () => forge({ key: foreign.privateKey })],
  ['a key set of its own (jku)', () => withForeign({ jku: baitUrl() })],
  ['a certificate of its own (x5u)', () => withForeign({ x5u: baitUrl() })],
  ['a key of its own (jwk)', async () => withForeign({ jwk: await exportJWK(foreign.publicKey) })],
  ['a certificate of its own (x5c)', () => withForeign({ x5c: ['MIIB'] })],
  [
    'a critical header we do not know',
    async () => {
      const [, payload, signature] = (await forge()).split('.')
      return `${encode({ alg: 'RS256', typ: 'at+jwt', kid, crit: ['exp'] })}.${payload}.${signature}`
    },
  ],
  [
    'another person in the payload',
    async () => {
      const [header, , signature] = (await forge()).split('.')
      return `${header}.${encode({ ...good, sub: randomUUID() })}.${signature}`
    },
  ],
  [
    'a changed signature',
    async () => {
      const [header, payload, signature = ''] = (await forge()).split('.')
      return `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
    },
  ],
  ['a cut signature', async () => (await forge()).slice(0, -10)],
  ['no signature at all', async () => (await forge()).split('.').slice(0, 2).join('.')],
  ['one part too many', async () => `${await forge()}.x`],
  ['a subject that is no id', () => forge({ claims: { sub: 'admin' } })],
  ['no session', () => forge({ claims: { sid: undefined } })],
  ['a session that nobody opened', () => forge({ claims: { sid: randomUUID() } })],
  ['six kilobytes', () => forge({ claims: { padding: 'x'.repeat(6_000) } })],
  ['a refresh token', () => session.refreshToken],
  ['garbage', () => 'garbage'],
  ['dots', () => '...'],
]

describe('an access token', () => {
  const call = async (headers: Record<string, string>) => {
    const response = await fetch(`${service.origin}/api/v1/me`, { headers })
    return {
      status: response.status,
      body: (await response.json()) as { error: { code: string } },
      headers: [...response.headers.keys()].sort(),
    }
  }
  const shapeOf = (value: unknown): unknown =>
    typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]))
      : typeof value

  test('as we issue it is accepted, so that what follows is refused for its one fault', async () => {
    expect((await call({ authorization: `Bearer ${session.accessToken}` })).status).toBe(200)
    expect((await call({ authorization: `Bearer ${await forge()}` })).status).toBe(200)
  })

  test.each(refusals)(
    'with %s is refused by header and by cookie, in one shape, and written down as refused',
    async (_, make) => {
      const token = await make()
      const expected = await call({ authorization: 'Bearer x' })
      service.calls.length = 0
      for (const headers of [{ authorization: `Bearer ${token}` }, { cookie: `access=${token}` }]) {
        const { status, body, headers: sent } = await call(headers as Record<string, string>)
        expect([status, body.error.code]).toEqual([
          401,
          expect.stringMatching(/^(TOKEN_INVALID|TOKEN_EXPIRED|SESSION_ENDED)$/),
        ])
        expect(shapeOf(body)).toEqual(shapeOf(expected.body))
        expect(sent).toEqual(expected.headers)
      }
      await expect.poll(() => service.calls.length).toBe(2)
      expect(service.calls.map(({ outcome, actorId }) => [outcome, actorId])).toEqual(Array(2).fill(['refused', null]))
      const texts = [...service.logged, JSON.stringify(service.calls)].join('')
      if (token.length > 20) expect(texts).not.toContain(token)
    },
  )

  test('never made us read a key from where it said', () => {
    expect(baitReads).toBe(0)
  })

  test('of which none was written down as a success in the audit trail', async () => {
    const { rows } = await sql`select * from audit_log where outcome = 'ok'`.execute(db.database.kysely)
    expect(rows).toEqual([])
  })
})

test('a flood of made-up key ids causes one more read of our keys in 30 seconds', async () => {
  let time = Date.now()
  let reads = 0
  const kept = createPostgresSigningKeyStore(db.database)
  const store: SigningKeyStore = {
    ...kept,
    listKeys: async () => {
      reads += 1
      return await kept.listKeys()
    },
  }
  const cipher = createFieldCipher(createFileKeyService(join(tmpdir(), randomUUID())))
  const keys = createSigningKeys({ store, cipher, now: () => new Date(time) })
  await keys.listPublicKeys()
  const flood = async () => await Promise.all(Array.from({ length: 50 }, () => keys.findPublicKey(randomUUID())))
  const before = reads
  for (let i = 0; i < 4; i += 1) {
    await flood()
    time += 1_000
  }
  expect(reads - before).toBe(1)
  expect(await keys.findPublicKey(kid)).toBeDefined()
})
