import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { serveIdentity } from '../../demo/identity/serve-identity.ts'
import { findFreePort } from '../../demo/postgres/free-port.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { createLogoutVerifier } from './logout-token.ts'
import { createBrowser, errorOf, startTestService, type TestService } from './service-fixture.ts'

const credentials = { clientId: 'chatbot', clientSecret: 'a-secret-of-thirty-two-characters' }
const person = { password: 'hanbit', email: 'x@hanbit.example', title: '과장', department: '국내영업팀' }
const accounts = [{ ...person, login: 'minsu', name: '김민수', groups: ['employee', 'sales'] }]
const event = { 'http://schemas.openid.net/event/backchannel-logout': {} }

describe('a provider that signs a person out', () => {
  let db: TestDatabase
  let folder: string
  let service: TestService
  let provider: Awaited<ReturnType<typeof serveIdentity>>
  let startProvider: () => Promise<typeof provider>

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auth-provider-logout-'))
    db = await createTestDatabase()
    const [port, providerPort] = [await findFreePort(), await findFreePort()]
    const origin = `http://127.0.0.1:${port}`
    const issuer = `http://127.0.0.1:${providerPort}`
    const client = {
      ...credentials,
      redirectUris: [`${origin}/auth/callback`],
      postLogoutRedirectUris: [`${origin}/`],
      backchannelLogoutUri: `${origin}/auth/backchannel-logout`,
    }
    startProvider = () => serveIdentity({ port: providerPort, issuer, dataDir: folder, clients: [client], accounts })
    provider = await startProvider()
    service = await startTestService({ port, database: db.database, folder, provider: { issuer, ...credentials } })
  })
  beforeEach(() => {
    service.audited.length = 0
  })
  afterAll(async () => {
    await service.close()
    await provider.close()
    await db.drop()
  })

  /** Signs out at the provider's own page, which knows nothing of our cookies. */
  async function signOutThere(browser: ReturnType<typeof createBrowser>) {
    const page = await browser.visit(`${provider.url}/session/end?client_id=chatbot`)
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)![1]!
    await browser.visit(`${provider.url}/session/end/confirm`, { form: { xsrf, logout: 'yes' } })
  }

  test('ends the session that began there, and no other of the same person', async () => {
    const [here, elsewhere] = [createBrowser(service.origin), createBrowser(service.origin)]
    await here.signIn('minsu')
    await elsewhere.signIn('minsu')
    expect((await here.visit('/api/v1/me')).status).toBe(200)
    await signOutThere(here)
    await expect.poll(async () => errorOf(await here.visit('/api/v1/me'))).toEqual([401, 'SESSION_ENDED'])
    expect(errorOf(await here.visit('/auth/refresh', { json: {} }))).toEqual([401, 'SESSION_ENDED'])
    expect((await elsewhere.visit('/api/v1/me')).status).toBe(200)
    expect(service.audited.slice(2)).toEqual([
      { action: 'provider-sign-out', outcome: 'ok', actorId: expect.any(String), ip: '127.0.0.1', details: {} },
    ])
  })

  const say = async (body: string, type = 'application/x-www-form-urlencoded') =>
    await fetch(`${service.origin}/auth/backchannel-logout`, {
      method: 'POST',
      body,
      headers: { 'content-type': type },
    })

  test.each([
    ['a made-up token', 'logout_token=eyJhbGciOiJub25lIn0.e30.', undefined, 400, 'LOGOUT_TOKEN_INVALID'],
    ['no token', 'token=x', undefined, 400, 'BAD_REQUEST'],
    ['two tokens', 'logout_token=x&logout_token=y', undefined, 400, 'BAD_REQUEST'],
    ['JSON', '{"logout_token":"x"}', 'application/json', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['too much', `logout_token=${'x'.repeat(20_000)}`, undefined, 413, 'BODY_TOO_LARGE'],
  ])('is refused with %s, and nothing keeps the answer', async (_, body, type, status, code) => {
    const reply = await say(body, type)
    expect(errorOf({ status: reply.status, text: await reply.text() })).toEqual([status, code])
    expect(reply.headers.get('cache-control')).toBe('no-store')
    expect(service.audited).toEqual([])
  })

  test('is the only one who may send a form', async () => {
    const form = { method: 'POST', body: new URLSearchParams({ refreshToken: 'x' }) }
    expect((await fetch(`${service.origin}/auth/refresh`, form)).status).toBe(415)
  })

  test('may change its signing key while we run', async () => {
    await createBrowser(service.origin).signIn('minsu')
    await provider.close()
    await rm(join(folder, 'identity-keys.json'))
    provider = await startProvider()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 })
    try {
      const end = await createBrowser(service.origin).signIn('minsu')
      expect(end.url.pathname).toBe('/chat')
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('a logout token', () => {
  const seconds = Math.floor(Date.parse('2026-11-23T05:00:00Z') / 1_000)
  const time = new Date(seconds * 1_000)
  let keyServer: Server
  let reads = 0
  let isDown = false
  let ours: Awaited<ReturnType<typeof generateKeyPair>>
  let provider: { issuer: string; jwks_uri: string; id_token_signing_alg_values_supported: string[] }

  beforeAll(async () => {
    ours = await generateKeyPair('RS256', { extractable: true })
    const jwk = { ...(await exportJWK(ours.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }
    keyServer = createServer((_, response) => {
      reads += 1
      response
        .writeHead(isDown ? 503 : 200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ keys: [jwk] }))
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => keyServer.once('listening', resolve))
    const issuer = `http://127.0.0.1:${(keyServer.address() as AddressInfo).port}`
    provider = { issuer, jwks_uri: `${issuer}/jwks`, id_token_signing_alg_values_supported: ['RS256', 'HS256'] }
  })
  afterAll(() => void keyServer.close())

  type Change = {
    claims?: Record<string, unknown>
    header?: Record<string, string>
    key?: Uint8Array | typeof ours.privateKey
  }
  async function write({ claims, header, key }: Change = {}) {
    const good = {
      ...{ iss: provider.issuer, aud: 'chatbot', sub: 'minsu', sid: 's', jti: 'j' },
      ...{ iat: seconds, exp: seconds + 120, events: event },
    }
    return await new SignJWT({ ...good, ...claims })
      .setProtectedHeader({ alg: 'RS256', typ: 'logout+jwt', kid: 'one', ...header })
      .sign(key ?? ours.privateKey)
  }
  const newVerifier = () => createLogoutVerifier({ clientId: 'chatbot', now: () => time })
  const codeOf = async (work: Promise<unknown>) =>
    await work.then(
      () => 'ok',
      (error: { spec?: { code: string } }) => error.spec?.code ?? error,
    )

  test('of the provider says whose session ended, and until when it counts', async () => {
    const expiresAt = new Date((seconds + 150) * 1_000)
    const said = { id: 'j', issuer: provider.issuer, subject: 'minsu', sessionId: 's', expiresAt }
    expect(await newVerifier()(await write(), provider)).toEqual(said)
    const { subject, sessionId } = await newVerifier()(await write({ claims: { sid: undefined } }), provider)
    expect([subject, sessionId]).toEqual(['minsu', undefined])
  })

  test.each<[string, Change]>([
    ['another type', { header: { typ: 'JWT' } }],
    ['an access token’s type', { header: { typ: 'at+jwt' } }],
    ['a nonce', { claims: { nonce: 'n' } }],
    ['no event', { claims: { events: undefined } }],
    ['another event', { claims: { events: { 'https://example.com/event': {} } } }],
    ['an event that is no object', { claims: { events: { 'http://schemas.openid.net/event/backchannel-logout': 1 } } }],
    ['neither person nor session', { claims: { sub: undefined, sid: undefined } }],
    ['no id', { claims: { jti: undefined } }],
    ['no time', { claims: { iat: undefined } }],
    ['no expiry', { claims: { exp: undefined } }],
    ['an expiry that has passed', { claims: { exp: seconds - 31 } }],
    ['a time to come', { claims: { iat: seconds + 60 } }],
    ['an age of eleven minutes', { claims: { iat: seconds - 11 * 60 } }],
    ['another issuer', { claims: { iss: 'https://evil.example' } }],
    ['another audience', { claims: { aud: 'other' } }],
    ['an unknown key', { header: { kid: 'two' } }],
    ['the provider’s public key as a secret', { header: { alg: 'HS256' }, key: Buffer.from('one') }],
  ])('with %s is refused', async (_, change) => {
    expect(await codeOf(newVerifier()(await write(change), provider))).toBe('LOGOUT_TOKEN_INVALID')
  })

  test('within the difference of two clocks counts', async () => {
    expect(await codeOf(newVerifier()(await write({ claims: { iat: seconds + 20 } }), provider))).toBe('ok')
    expect(await codeOf(newVerifier()(await write({ claims: { exp: seconds - 20 } }), provider))).toBe('ok')
  })

  test('with made-up key ids makes us read the provider’s keys once, not each time', async () => {
    const verify = newVerifier()
    reads = 0
    for (let i = 0; i < 20; i += 1) {
      expect(await codeOf(verify(await write({ header: { kid: `made up ${i}` } }), provider))).toBe(
        'LOGOUT_TOKEN_INVALID',
      )
    }
    expect(reads).toBe(1)
  })

  test('cannot be judged while the provider’s keys cannot be read', async () => {
    const verify = newVerifier()
    isDown = true
    expect(await codeOf(verify(await write(), provider))).toBe('SIGN_IN_UNAVAILABLE')
    isDown = false
    expect(await codeOf(verify(await write(), provider))).toBe('ok')
  })
})
