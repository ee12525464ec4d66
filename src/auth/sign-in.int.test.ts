import { createServer } from 'node:http'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '#platform/database'
import { createLogger } from '#platform/log'
import { bodyOf, errorOf } from './service-fixture.ts'
import { credentials, type SignInOffice, startSignInOffice } from './sign-in-fixture.ts'

let office: SignInOffice
beforeAll(async () => {
  office = await startSignInOffice()
})
beforeEach(() => {
  office.service.audited.length = 0
  office.service.logged.length = 0
})
afterAll(() => office.close())

describe('while the provider is down', () => {
  test('a sign-in comes back with a code, and everything else answers', async () => {
    const { visit } = office.createBrowser()
    const reply = await visit('/auth/login')
    expect(reply.url.href).toBe(`${office.origin}/?signInError=SIGN_IN_UNAVAILABLE`)
    expect(office.service.audited).toMatchObject([
      { action: 'sign-in', outcome: 'failed', details: { errorCode: 'SIGN_IN_UNAVAILABLE' } },
    ])
    expect(errorOf(await visit('/api/v1/me'))).toEqual([401, 'TOKEN_MISSING'])
    expect((await visit('/.well-known/jwks.json')).status).toBe(200)
  })

  test('when it has come up, sign-in works without a restart', async () => {
    await office.startProvider()
    expect((await office.createBrowser().signIn('minsu')).url.href).toBe(`${office.origin}/chat`)
  })
})

describe('a person who signs in', () => {
  test('returns to where they were, with cookies that no script reads, and is who the provider says', async () => {
    const { signIn, visit, cookieOf } = office.createBrowser()
    const end = await signIn('minsu', '/chat?q=1')
    expect([end.url.href, end.text]).toEqual([`${office.origin}/chat?q=1`, 'chat'])
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
    expect(office.service.audited).toMatchObject([
      { action: 'sign-in', outcome: 'ok', actorId: me.userId, ip: '127.0.0.1' },
    ])
  })

  test('has a token that anyone can verify with our published keys', async () => {
    const { signIn, cookieOf, visit } = office.createBrowser()
    await signIn('minsu')
    const { createLocalJWKSet, jwtVerify } = await import('jose')
    const jwks = JSON.parse((await visit('/.well-known/jwks.json')).text)
    const { payload, protectedHeader } = await jwtVerify((await cookieOf('access'))!.value, createLocalJWKSet(jwks), {
      issuer: office.origin,
      audience: 'erp-chatbot',
      typ: 'at+jwt',
    })
    expect(protectedHeader).toMatchObject({ alg: 'RS256', kid: jwks.keys[0].kid })
    expect(payload.exp! - payload.iat!).toBe(3_600)
    expect(payload).toMatchObject({ scope: 'employee sales', jti: expect.any(String) })
  })

  test('may do what their role allows, by cookie or bearer token, and nothing else', async () => {
    const [admin, seller] = [office.createBrowser(), office.createBrowser()]
    await admin.signIn('hyerim')
    await seller.signIn('minsu')
    expect(JSON.parse((await admin.visit('/api/v1/admin')).text).name).toBe('우혜림')
    expect(errorOf(await seller.visit('/api/v1/admin'))).toEqual([403, 'FORBIDDEN'])
    const token = (await admin.cookieOf('access'))!.value
    const bearer = { authorization: `Bearer ${token}`, 'accept-language': 'en' }
    const stranger = office.createBrowser()
    expect(JSON.parse((await stranger.visit('/api/v1/admin', { headers: bearer })).text)).toMatchObject({
      language: 'en',
    })
    expect(await office.service.auth.authenticate(token)).toMatchObject({
      name: '우혜림',
      roles: ['employee', 'admin'],
      language: 'ko',
    })
    for (const authorization of ['Bearer x', 'Basic eDp5', 'Bearer', `Bearer ${token}x`, `Bearer ${token} y`]) {
      expect(errorOf(await admin.visit('/api/v1/me', { headers: { authorization } }))).toEqual([401, 'TOKEN_INVALID'])
    }
  })

  test('but has no role here is told so', async () => {
    const end = await office.createBrowser().signIn('visitor')
    expect(end.url.href).toBe(`${office.origin}/?signInError=SIGN_IN_NO_ROLE`)
  })
})

test('a person whose account is disabled is told so, and any open session of theirs is refused', async () => {
  const { signIn, cookieOf } = office.createBrowser()
  await signIn('sejin')
  await sql`update auth_users set disabled = true where subject = 'sejin'`.execute(office.db.database.kysely)
  expect((await office.createBrowser().signIn('sejin')).url.search).toBe('?signInError=SIGN_IN_DISABLED')
  const headers = { authorization: `Bearer ${(await cookieOf('access'))!.value}` }
  expect(errorOf(await office.createBrowser().visit('/api/v1/me', { headers }))).toEqual([403, 'ACCOUNT_DISABLED'])
})

test('a provider that answers nonsense counts as down, and one over plain http elsewhere is not accepted', async () => {
  const nonsense = createServer((_, response) => response.end('<html>')).listen(0, '127.0.0.1')
  onTestFinished(() => void nonsense.close())
  await new Promise((resolve) => nonsense.once('listening', resolve))
  const { createIdentityProvider } = await import('./identity-provider.ts')
  const config = { issuer: `http://127.0.0.1:${(nonsense.address() as { port: number }).port}`, ...credentials }
  const log = createLogger({ level: 'silent', role: 'http' })
  const broken = createIdentityProvider({ config, scopes: ['openid'], log })
  await expect(
    broken.authorizationUrl({ state: 's', nonce: 'n', codeVerifier: 'v' }, office.origin),
  ).rejects.toMatchObject({
    spec: { code: 'SIGN_IN_UNAVAILABLE' },
  })
  expect(await broken.endSessionUrl(undefined, office.origin)).toBeUndefined()
  expect(() =>
    createIdentityProvider({ config: { ...config, issuer: 'http://idp.example' }, scopes: [], log }),
  ).toThrow(/https/)
})

test('with the database down, signing in says so, tokens are refused as unavailable, and nothing passes', async () => {
  const { signIn, visit, cookieOf } = office.createBrowser()
  await signIn('minsu')
  const database = openDatabase({ url: office.db.url, log: createLogger({ level: 'silent', role: 'http' }) })
  await office.restartService(database)
  await office.service.auth.checkReady()
  await database.close()
  expect(errorOf(await visit('/api/v1/me'))).toEqual([503, 'AUTH_UNAVAILABLE'])
  expect(errorOf(await visit('/auth/refresh', { json: {} }))).toEqual([503, 'AUTH_UNAVAILABLE'])
  expect(await cookieOf('refresh')).toBeDefined()
  await expect(office.service.auth.removeExpired()).rejects.toThrow()
  expect((await visit('/auth/login')).url.search).toBe('?signInError=SIGN_IN_UNAVAILABLE')
})
