import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '#platform/database'
import { createLogger } from '#platform/log'
import { serveIdentity } from '../../demo/identity/serve-identity.ts'
import { findFreePort } from '../../demo/postgres/free-port.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import type { Auth } from './index.ts'
import { bodyOf, errorOf, createBrowser as openBrowser, startTestService, type TestService } from './service-fixture.ts'

const credentials = { clientId: 'chatbot', clientSecret: 'a-secret-of-thirty-two-characters' }
const person = { password: 'hanbit', email: 'x@hanbit.example', title: '과장', department: '국내영업팀' }
const accounts = [
  { ...person, login: 'minsu', name: '김민수', groups: ['employee', 'sales'] },
  { ...person, login: 'hyerim', name: '우혜림', groups: ['employee', 'admin'] },
  { ...person, login: 'sejin', name: '오세진', groups: ['finance'] },
  { ...person, login: 'visitor', name: '방문자', groups: ['guests'] },
]

let db: TestDatabase
let folder: string
let ports: { service: number; provider: number }
let service: TestService
let auth: Auth
let provider: Awaited<ReturnType<typeof startProvider>>
const origin = () => `http://127.0.0.1:${ports.service}`
const issuer = () => `http://127.0.0.1:${ports.provider}`

async function startProvider() {
  const client = {
    ...credentials,
    redirectUris: [`${origin()}/auth/callback`],
    postLogoutRedirectUris: [`${origin()}/`],
  }
  return await serveIdentity({ port: ports.provider, issuer: issuer(), dataDir: folder, clients: [client], accounts })
}

async function startService() {
  const provider = { issuer: issuer(), ...credentials }
  const started = await startTestService({ port: ports.service, database: db.database, folder, provider })
  auth = started.auth
  return started
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auth-sign-in-'))
  ports = { service: await findFreePort(), provider: await findFreePort() }
  db = await createTestDatabase()
  // The service comes up while its provider is down.
  service = await startService()
})
beforeEach(() => {
  service.audited.length = 0
  service.logged.length = 0
})
afterAll(async () => {
  await service.close()
  await provider?.close()
  await db.drop()
})

const createBrowser = () => openBrowser(origin())

describe('while the provider is down', () => {
  test('a sign-in comes back with a code, and everything else answers', async () => {
    const { visit } = createBrowser()
    const reply = await visit('/auth/login')
    expect(reply.url.href).toBe(`${origin()}/?signInError=SIGN_IN_UNAVAILABLE`)
    expect(service.audited).toMatchObject([
      { action: 'sign-in', outcome: 'failed', details: { errorCode: 'SIGN_IN_UNAVAILABLE' } },
    ])
    expect(errorOf(await visit('/api/v1/me'))).toEqual([401, 'TOKEN_MISSING'])
    expect((await visit('/.well-known/jwks.json')).status).toBe(200)
  })

  test('when it has come up, sign-in works without a restart', async () => {
    provider = await startProvider()
    expect((await createBrowser().signIn('minsu')).url.href).toBe(`${origin()}/chat`)
  })
})

describe('a person who signs in', () => {
  test('returns to where they were, with cookies that no script reads, and is who the provider says', async () => {
    const { signIn, visit, cookieOf } = createBrowser()
    const end = await signIn('minsu', '/chat?q=1')
    expect([end.url.href, end.text]).toEqual([`${origin()}/chat?q=1`, 'chat'])
    expect(await cookieOf('access')).toMatchObject({ httpOnly: true, sameSite: 'lax', path: '/', secure: false })
    expect(await cookieOf('refresh')).toMatchObject({ httpOnly: true, sameSite: 'strict', path: '/' })
    const me = bodyOf(await visit('/api/v1/me'))
    expect(me).toEqual({
      userId: expect.any(String),
      name: '김민수',
      department: '국내영업팀',
      email: 'x@hanbit.example',
      roles: ['employee', 'sales'],
      permissions: [],
    })
    expect(service.audited).toMatchObject([{ action: 'sign-in', outcome: 'ok', actorId: me.userId, ip: '127.0.0.1' }])
  })

  test('has a token that anyone can verify with our published keys', async () => {
    const { signIn, cookieOf, visit } = createBrowser()
    await signIn('minsu')
    const { createLocalJWKSet, jwtVerify } = await import('jose')
    const jwks = JSON.parse((await visit('/.well-known/jwks.json')).text)
    const { payload, protectedHeader } = await jwtVerify((await cookieOf('access'))!.value, createLocalJWKSet(jwks), {
      issuer: origin(),
      audience: 'erp-chatbot',
      typ: 'at+jwt',
    })
    expect(protectedHeader).toMatchObject({ alg: 'RS256', kid: jwks.keys[0].kid })
    expect(payload.exp! - payload.iat!).toBe(3_600)
    expect(payload).toMatchObject({ scope: 'employee sales', jti: expect.any(String) })
  })

  test('may do what their role allows, by cookie or bearer token, and nothing else', async () => {
    const [admin, seller] = [createBrowser(), createBrowser()]
    await admin.signIn('hyerim')
    await seller.signIn('minsu')
    expect(JSON.parse((await admin.visit('/api/v1/admin')).text).name).toBe('우혜림')
    expect(errorOf(await seller.visit('/api/v1/admin'))).toEqual([403, 'FORBIDDEN'])
    const token = (await admin.cookieOf('access'))!.value
    const bearer = { authorization: `Bearer ${token}`, 'accept-language': 'en' }
    const stranger = createBrowser()
    expect(JSON.parse((await stranger.visit('/api/v1/admin', { headers: bearer })).text)).toMatchObject({
      language: 'en',
    })
    expect(await auth.authenticate(token)).toMatchObject({
      name: '우혜림',
      roles: ['employee', 'admin'],
      language: 'ko',
    })
    for (const authorization of ['Bearer x', 'Basic eDp5', 'Bearer', `Bearer ${token}x`, `Bearer ${token} y`]) {
      expect(errorOf(await admin.visit('/api/v1/me', { headers: { authorization } }))).toEqual([401, 'TOKEN_INVALID'])
    }
  })

  test('but has no role here is told so', async () => {
    const end = await createBrowser().signIn('visitor')
    expect(end.url.href).toBe(`${origin()}/?signInError=SIGN_IN_NO_ROLE`)
  })
})

test('a person whose account is disabled is told so, and any open session of theirs is refused', async () => {
  const { signIn, cookieOf } = createBrowser()
  await signIn('sejin')
  await sql`update auth_users set disabled = true where subject = 'sejin'`.execute(db.database.kysely)
  expect((await createBrowser().signIn('sejin')).url.search).toBe('?signInError=SIGN_IN_DISABLED')
  const headers = { authorization: `Bearer ${(await cookieOf('access'))!.value}` }
  expect(errorOf(await createBrowser().visit('/api/v1/me', { headers }))).toEqual([403, 'ACCOUNT_DISABLED'])
})

describe('a callback', () => {
  /** Signs in up to, but not into, our callback. */
  async function stopBeforeCallback() {
    const browser = createBrowser()
    const { url } = await browser.signIn('minsu', '/chat', /\/auth\/callback/)
    return { browser, url }
  }
  const expired = () => `${origin()}/?signInError=SIGN_IN_EXPIRED`
  const failed = () => `${origin()}/?signInError=SIGN_IN_FAILED`

  test('works once', async () => {
    const { browser, url } = await stopBeforeCallback()
    expect((await browser.visit(url.href)).url.href).toBe(`${origin()}/chat`)
    expect((await browser.visit(url.href)).url.href).toBe(expired())
  })

  test('works only in the browser that began: nobody is signed in to another’s account', async () => {
    const { url } = await stopBeforeCallback()
    const victim = createBrowser()
    await victim.visit('/auth/login', { until: /authorize|\/auth\?|login/ })
    expect((await victim.visit(url.href)).url.href).toBe(expired())
    expect(await victim.cookieOf('access')).toBeUndefined()
  })

  test('in two tabs at once works in both', async () => {
    const browser = createBrowser()
    const first = await browser.signIn('minsu', '/chat?tab=1', /\/auth\/callback/)
    const second = await browser.visit('/auth/login?returnTo=%2Fchat%3Ftab%3D2', { until: /\/auth\/callback/ })
    expect((await browser.visit(first.url.href)).url.search).toBe('?tab=1')
    expect((await browser.visit(second.url.href)).url.search).toBe('?tab=2')
  })

  test.each([
    ['a made-up state', (url: URL) => url.searchParams.set('state', 'A'.repeat(43)), expired],
    ['no state', (url: URL) => url.searchParams.delete('state'), expired],
    ['a made-up code', (url: URL) => url.searchParams.set('code', 'nonsense'), failed],
    ['no code', (url: URL) => url.searchParams.delete('code'), failed],
    ['another issuer', (url: URL) => url.searchParams.set('iss', 'https://evil.example'), failed],
    ['no issuer', (url: URL) => url.searchParams.delete('iss'), failed],
    ['two states', (url: URL) => url.searchParams.append('state', 'x'), failed],
  ])('with %s ends at the front page with a code', async (_, change, expected) => {
    const { browser, url } = await stopBeforeCallback()
    change(url)
    expect((await browser.visit(url.href)).url.href).toBe(expected())
    expect(await browser.cookieOf('access')).toBeUndefined()
  })

  test.each([
    ['access_denied', 'SIGN_IN_DENIED'],
    ['temporarily_unavailable', 'SIGN_IN_UNAVAILABLE'],
    ['invalid_scope', 'SIGN_IN_FAILED'],
  ])('with the provider’s error %s says %s', async (error, code) => {
    const { browser, url } = await stopBeforeCallback()
    url.searchParams.delete('code')
    url.searchParams.set('error', error)
    expect((await browser.visit(url.href)).url.href).toBe(`${origin()}/?signInError=${code}`)
  })

  test('leaves neither codes nor tokens in the log', async () => {
    const { browser, url } = await stopBeforeCallback()
    await browser.visit(url.href)
    await browser.visit(url.href)
    const log = service.logged.join('')
    expect(log).toContain('A sign-in failed')
    for (const name of ['code', 'state']) expect(log).not.toContain(url.searchParams.get(name))
    expect(log).not.toMatch(/eyJ|김민수/)
  })
})

test('nobody is sent to another site after signing in', async () => {
  const end = await createBrowser().signIn('minsu', '//evil.example/chat')
  expect(end.url.href).toBe(`${origin()}/`)
})

describe('a session', () => {
  test('is refreshed by cookie, and the new cookies work', async () => {
    const { signIn, visit, cookieOf, jar } = createBrowser()
    await signIn('minsu')
    const before = (await cookieOf('refresh'))!.value
    await jar.setCookie('access=; Max-Age=0; Path=/', origin())
    expect(errorOf(await visit('/api/v1/me'))).toEqual([401, 'TOKEN_MISSING'])
    const reply = await visit('/auth/refresh', { json: {} })
    expect(Object.keys(bodyOf(reply)).sort()).toEqual(['expiresAt', 'refreshExpiresAt'])
    expect((await cookieOf('refresh'))!.value).not.toBe(before)
    expect((await visit('/api/v1/me')).status).toBe(200)
  })

  test('is refreshed by body for a program, which gets the tokens and no cookies', async () => {
    const { signIn, cookieOf } = createBrowser()
    await signIn('minsu')
    const refreshToken = (await cookieOf('refresh'))!.value
    const reply = await createBrowser().visit('/auth/refresh', { json: { refreshToken } })
    expect(reply.headers.getSetCookie()).toEqual([])
    const { accessToken, tokenType } = bodyOf(reply)
    const headers = { authorization: `${tokenType} ${accessToken}` }
    expect((await createBrowser().visit('/api/v1/me', { headers })).status).toBe(200)
  })

  test('that is over clears its cookies', async () => {
    const { visit, jar, cookieOf } = createBrowser()
    await jar.setCookie(`refresh=${'A'.repeat(43)}; Path=/`, origin())
    expect(errorOf(await visit('/auth/refresh', { json: {} }))).toEqual([401, 'SESSION_ENDED'])
    expect(await cookieOf('refresh')).toBeUndefined()
    expect(errorOf(await visit('/auth/refresh', { json: {} }))).toEqual([401, 'TOKEN_MISSING'])
    expect(errorOf(await visit('/auth/refresh', { json: { refreshToken: 7 } }))).toEqual([400, 'BAD_REQUEST'])
  })

  test('ends at sign-out, here and at the provider', async () => {
    const { signIn, visit, cookieOf } = createBrowser()
    await signIn('minsu')
    const headers = { authorization: `Bearer ${(await cookieOf('access'))!.value}` }
    const reply = await visit('/auth/logout', { json: {} })
    expect(await cookieOf('access')).toBeUndefined()
    expect(await cookieOf('refresh')).toBeUndefined()
    expect(errorOf(await visit('/api/v1/me', { headers }))).toEqual([401, 'SESSION_ENDED'])
    const end = new URL(bodyOf(reply).endSessionUrl)
    expect(end.origin).toBe(issuer())
    expect(end.searchParams.get('post_logout_redirect_uri')).toBe(`${origin()}/`)
    expect(end.searchParams.get('id_token_hint')).toMatch(/^eyJ/)
    expect((await visit(end.href)).status).toBe(200)
    expect(service.audited.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['sign-in', 'ok'],
      ['sign-out', 'ok'],
    ])
  })

  test('cannot be ended from another site', async () => {
    const { signIn, visit } = createBrowser()
    await signIn('minsu')
    const reply = await visit('/auth/logout', { json: {}, headers: { origin: 'https://evil.example' } })
    expect(reply.status).toBe(403)
    expect((await visit('/api/v1/me')).status).toBe(200)
  })
})

test('a provider that answers nonsense counts as down, and one over plain http elsewhere is not accepted', async () => {
  const nonsense = createServer((_, response) => response.end('<html>')).listen(0, '127.0.0.1')
  onTestFinished(() => void nonsense.close())
  await new Promise((resolve) => nonsense.once('listening', resolve))
  const { createIdentityProvider } = await import('./identity-provider.ts')
  const config = { issuer: `http://127.0.0.1:${(nonsense.address() as { port: number }).port}`, ...credentials }
  const log = createLogger({ level: 'silent', role: 'http' })
  const broken = createIdentityProvider({ config, scopes: ['openid'], log })
  await expect(broken.authorizationUrl({ state: 's', nonce: 'n', codeVerifier: 'v' }, origin())).rejects.toMatchObject({
    spec: { code: 'SIGN_IN_UNAVAILABLE' },
  })
  expect(await broken.endSessionUrl(undefined, origin())).toBeUndefined()
  expect(() =>
    createIdentityProvider({ config: { ...config, issuer: 'http://idp.example' }, scopes: [], log }),
  ).toThrow(/https/)
})

test('with the database down, signing in says so, tokens are refused as unavailable, and nothing passes', async () => {
  const { signIn, visit, cookieOf } = createBrowser()
  await signIn('minsu')
  await service.close()
  const connected = db
  const database = openDatabase({ url: db.url, log: createLogger({ level: 'silent', role: 'http' }) })
  db = { ...connected, database }
  service = await startService()
  db = connected
  await auth.checkReady()
  await database.close()
  expect(errorOf(await visit('/api/v1/me'))).toEqual([503, 'AUTH_UNAVAILABLE'])
  expect(errorOf(await visit('/auth/refresh', { json: {} }))).toEqual([503, 'AUTH_UNAVAILABLE'])
  expect(await cookieOf('refresh')).toBeDefined()
  await expect(auth.removeExpired()).rejects.toThrow()
  expect((await visit('/auth/login')).url.search).toBe('?signInError=SIGN_IN_UNAVAILABLE')
})
