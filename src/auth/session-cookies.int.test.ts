import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { bodyOf, errorOf } from './service-fixture.ts'
import { type SignInOffice, startSignInOffice } from './sign-in-fixture.ts'

let office: SignInOffice
beforeAll(async () => {
  office = await startSignInOffice()
  await office.startProvider()
})
beforeEach(() => {
  office.service.audited.length = 0
  office.service.logged.length = 0
})
afterAll(() => office.close())

describe('a session', () => {
  test('is refreshed by cookie, and the new cookies work', async () => {
    const { signIn, visit, cookieOf, jar } = office.createBrowser()
    await signIn('minsu')
    const before = (await cookieOf('refresh'))!.value
    await jar.setCookie('access=; Max-Age=0; Path=/', office.origin)
    expect(errorOf(await visit('/api/v1/me'))).toEqual([401, 'TOKEN_MISSING'])
    const reply = await visit('/auth/refresh', { json: {} })
    expect(Object.keys(bodyOf(reply)).sort()).toEqual(['expiresAt', 'refreshExpiresAt'])
    expect((await cookieOf('refresh'))!.value).not.toBe(before)
    expect((await visit('/api/v1/me')).status).toBe(200)
  })

  test('is refreshed by body for a program, which gets the tokens and no cookies', async () => {
    const { signIn, cookieOf } = office.createBrowser()
    await signIn('minsu')
    const refreshToken = (await cookieOf('refresh'))!.value
    const reply = await office.createBrowser().visit('/auth/refresh', { json: { refreshToken } })
    expect(reply.headers.getSetCookie()).toEqual([])
    const { accessToken, tokenType } = bodyOf(reply)
    const headers = { authorization: `${tokenType} ${accessToken}` }
    expect((await office.createBrowser().visit('/api/v1/me', { headers })).status).toBe(200)
  })

  test('that is over clears its cookies', async () => {
    const { visit, jar, cookieOf } = office.createBrowser()
    await jar.setCookie(`refresh=${'A'.repeat(43)}; Path=/`, office.origin)
    expect(errorOf(await visit('/auth/refresh', { json: {} }))).toEqual([401, 'SESSION_ENDED'])
    expect(await cookieOf('refresh')).toBeUndefined()
    expect(errorOf(await visit('/auth/refresh', { json: {} }))).toEqual([401, 'TOKEN_MISSING'])
    expect(errorOf(await visit('/auth/refresh', { json: { refreshToken: 7 } }))).toEqual([400, 'BAD_REQUEST'])
  })

  test('ends at sign-out, here and at the provider', async () => {
    const { signIn, visit, cookieOf } = office.createBrowser()
    await signIn('minsu')
    const headers = { authorization: `Bearer ${(await cookieOf('access'))!.value}` }
    const reply = await visit('/auth/logout', { json: {} })
    expect(await cookieOf('access')).toBeUndefined()
    expect(await cookieOf('refresh')).toBeUndefined()
    expect(errorOf(await visit('/api/v1/me', { headers }))).toEqual([401, 'SESSION_ENDED'])
    const end = new URL(bodyOf(reply).endSessionUrl)
    expect(end.origin).toBe(office.issuer)
    expect(end.searchParams.get('post_logout_redirect_uri')).toBe(`${office.origin}/`)
    expect(end.searchParams.get('id_token_hint')).toMatch(/^eyJ/)
    expect((await visit(end.href)).status).toBe(200)
    expect(office.service.audited.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['sign-in', 'ok'],
      ['sign-out', 'ok'],
    ])
  })

  test('cannot be ended from another site', async () => {
    const { signIn, visit } = office.createBrowser()
    await signIn('minsu')
    const reply = await visit('/auth/logout', { json: {}, headers: { origin: 'https://evil.example' } })
    expect(reply.status).toBe(403)
    expect((await visit('/api/v1/me')).status).toBe(200)
  })
})
