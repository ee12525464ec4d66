import { randomUUID } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { type AccessTokens, audience, createAccessTokens } from './access-token.ts'
import type { SigningKeys } from './signing-keys.ts'

const issuer = 'http://127.0.0.1:3000'
const now = new Date('2026-11-23T05:00:00Z')
const seconds = Math.floor(now.getTime() / 1_000)
const claims = { userId: randomUUID(), sessionId: randomUUID(), roles: ['employee' as const, 'sales' as const] }
const farFuture = new Date(now.getTime() + 14 * 86_400_000)

type Pair = Awaited<ReturnType<typeof generateKeyPair>>
let ours: Pair
let foreign: Pair
let kid: string
let tokens: AccessTokens
let time = now

async function keysOf(pair: Pair): Promise<SigningKeys> {
  const { n = '', e = '' } = await exportJWK(pair.publicKey)
  kid = await calculateJwkThumbprint({ kty: 'RSA', n, e })
  const publicKey = { kty: 'RSA', n, e, kid, alg: 'RS256', use: 'sig' }
  return {
    findSigningKey: async () => ({ kid, key: pair.privateKey, since: now }),
    findPublicKey: async (wanted) => (wanted === kid ? publicKey : undefined),
    listPublicKeys: async () => [publicKey],
  }
}

beforeAll(async () => {
  ours = await generateKeyPair('RS256', { extractable: true })
  foreign = await generateKeyPair('RS256')
  tokens = createAccessTokens({ keys: await keysOf(ours), issuer, now: () => time })
})

const good: JWTPayload = {
  iss: issuer,
  aud: audience,
  sub: claims.userId,
  sid: claims.sessionId,
  scope: 'employee',
  jti: randomUUID(),
  iat: seconds,
  exp: seconds + 3_600,
}

type Header = { alg?: string; typ?: string; kid?: string }
/** A token as ours but for one thing. */
async function forge(change: {
  payload?: JWTPayload
  header?: Header
  without?: string
  key?: Pair['privateKey'] | Uint8Array
}) {
  const payload = { ...good, ...change.payload }
  if (change.without) delete payload[change.without]
  return await new SignJWT(payload)
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid, ...change.header })
    .sign(change.key ?? ours.privateKey)
}

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
const refusal = async (token: string) =>
  await tokens.verify(token).then(
    () => 'accepted',
    (error: { spec?: { code: string } }) => error.spec?.code ?? error,
  )

describe('an access token of ours', () => {
  test('says who, in which session, in which roles, and lasts an hour', async () => {
    const { token, expiresAt } = await tokens.issue(claims, farFuture)
    expect(expiresAt).toEqual(new Date(now.getTime() + 3_600_000))
    expect(await tokens.verify(token)).toEqual(claims)
    const [header = '', payload = ''] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString())
    expect(JSON.parse(header)).toEqual({ alg: 'RS256', typ: 'at+jwt', kid })
    expect(JSON.parse(payload)).toMatchObject({
      iss: issuer,
      aud: audience,
      sub: claims.userId,
      scope: 'employee sales',
    })
    expect(JSON.parse(payload).jti).toMatch(/^[\da-f-]{36}$/)
  })

  test('does not outlive its session', async () => {
    const { expiresAt } = await tokens.issue(claims, new Date(now.getTime() + 60_000))
    expect(expiresAt).toEqual(new Date(now.getTime() + 60_000))
  })

  test('gives no role that we do not know', async () => {
    const token = await forge({ payload: { scope: 'employee owner __proto__' } })
    expect((await tokens.verify(token)).roles).toEqual(['employee'])
  })

  test('has expired after its hour, however right it was', async () => {
    const { token } = await tokens.issue(claims, farFuture)
    time = new Date(now.getTime() + 3_606_000)
    expect(await refusal(token)).toBe('TOKEN_EXPIRED')
    time = now
    expect(await refusal(token)).toBe('accepted')
  })
})

describe('is refused as TOKEN_INVALID', () => {
  const forgeries: [string, () => Promise<string> | string][] = [
    ['no signature (alg none)', () => `${encode({ alg: 'none', typ: 'at+jwt', kid })}.${encode(good)}.`],
    ['alg none in other letters', () => `${encode({ alg: 'NoNe', typ: 'at+jwt', kid })}.${encode(good)}.`],
    [
      'HS256 with our public key as the secret',
      async () => forge({ header: { alg: 'HS256' }, key: new TextEncoder().encode(await exportSPKI(ours.publicKey)) }),
    ],
    ['RS512', async () => forge({ header: { alg: 'RS512' }, key: (await generateKeyPair('RS512')).privateKey })],
    ['a foreign key under our kid', () => forge({ key: foreign.privateKey })],
    ['an unknown kid', () => forge({ header: { kid: 'other' } })],
    ['no kid', async () => new SignJWT(good).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt' }).sign(ours.privateKey)],
    ['another issuer', () => forge({ payload: { iss: 'http://127.0.0.1:3001' } })],
    ['another audience', () => forge({ payload: { aud: 'erp' } })],
    ['an ID token’s type', () => forge({ header: { typ: 'JWT' } })],
    ['a time to come', () => forge({ payload: { nbf: seconds + 60 } })],
    ['no expiry', () => forge({ without: 'exp' })],
    ['no session', () => forge({ without: 'sid' })],
    ['no scope', () => forge({ without: 'scope' })],
    ['no subject', () => forge({ without: 'sub' })],
    ['no id', () => forge({ without: 'jti' })],
    ['a subject that is no id', () => forge({ payload: { sub: 'admin' } })],
    [
      'a changed payload',
      async () => {
        const [header, , signature] = (await forge({})).split('.')
        return `${header}.${encode({ ...good, scope: 'executive' })}.${signature}`
      },
    ],
    ['a cut signature', async () => (await forge({})).slice(0, -10)],
    ['not a token', () => 'hello'],
    ['nothing', () => ''],
    ['a megabyte', () => 'a'.repeat(1_000_000)],
  ]
  test.each(forgeries)('%s', async (_, make) => {
    expect(await refusal(await make())).toBe('TOKEN_INVALID')
  })

  test('while the same token unchanged is accepted', async () => {
    expect(await refusal(await forge({}))).toBe('accepted')
  })
})

test('keys that cannot be read are no verdict on the token', async () => {
  const keys = await keysOf(ours)
  const broken = createAccessTokens({
    keys: { ...keys, findPublicKey: () => Promise.reject(new Error('connection refused')) },
    issuer,
    now: () => now,
  })
  await expect(broken.verify(await forge({}))).rejects.toThrow('connection refused')
})
