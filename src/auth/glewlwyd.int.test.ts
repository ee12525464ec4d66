import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findFreePort } from '../../demo/postgres/free-port.ts'
import { type Glewlwyd, hasGlewlwyd, startGlewlwyd } from '../../test/support/glewlwyd.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { bodyOf, createBrowser, errorOf, startTestService, type TestService } from './service-fixture.ts'

const client = { clientId: 'chatbot', clientSecret: 'a-secret-of-thirty-two-characters' }
const minsu = {
  ...{ username: 'minsu', password: 'hanbit-1234', name: '김민수', email: 'minsu@hanbit.example' },
  ...{ department: '국내영업팀', groups: ['employee', 'sales'] },
}

describe.skipIf(!hasGlewlwyd)('signing in through Glewlwyd', () => {
  let db: TestDatabase
  let glewlwyd: Glewlwyd
  let service: TestService

  beforeAll(async () => {
    db = await createTestDatabase()
    const port = await findFreePort()
    glewlwyd = await startGlewlwyd({ ...client, origin: `http://127.0.0.1:${port}` }, minsu)
    const folder = await mkdtemp(join(tmpdir(), 'auth-glewlwyd-'))
    const provider = { issuer: glewlwyd.issuer, ...client }
    service = await startTestService({
      port,
      database: db.database,
      folder,
      provider,
      identity: { scopes: ['openid'] },
    })
  })
  afterAll(async () => {
    await service?.close()
    await glewlwyd?.close()
    await db.drop()
  })

  /** Up to, but not into, our callback. */
  async function signInThere() {
    const browser = createBrowser(service.origin)
    const page = await browser.visit('/auth/login?returnTo=%2Fchat', { until: /login\.html/ })
    for (const cookie of (await glewlwyd.signIn(minsu)).split('; ')) await browser.jar.setCookie(cookie, glewlwyd.url)
    const asked = page.url.searchParams.get('callback_url')!
    const { url } = await browser.visit(`${asked}&g_continue`, { until: /\/auth\/callback/ })
    return { browser, url }
  }

  test('makes the person of its claims, groups as roles, and says where to sign out there', async () => {
    const { browser, url } = await signInThere()
    expect(url.searchParams.get('iss')).toBe(glewlwyd.issuer)
    expect((await browser.visit(url.href)).url.href).toBe(`${service.origin}/chat`)
    const { userId: _, ...me } = bodyOf(await browser.visit('/api/v1/me'))
    const { name, email, department } = minsu
    expect(me).toEqual({ name, email, department, roles: ['employee', 'sales'], permissions: [] })
    expect((await browser.visit('/auth/refresh', { json: {} })).status).toBe(200)
    const { endSessionUrl } = bodyOf(await browser.visit('/auth/logout', { json: {} }))
    expect(new URL(endSessionUrl).pathname).toBe('/api/oidc/end_session')
    expect(errorOf(await browser.visit('/api/v1/me'))).toEqual([401, 'TOKEN_MISSING'])
  })

  test.each([
    ['another issuer', (url: URL) => url.searchParams.set('iss', 'https://evil.example'), 'SIGN_IN_FAILED'],
    ['a made-up code', (url: URL) => url.searchParams.set('code', 'nonsense'), 'SIGN_IN_FAILED'],
    ['a made-up state', (url: URL) => url.searchParams.set('state', 'A'.repeat(43)), 'SIGN_IN_EXPIRED'],
  ])('with %s ends at the front page with a code', async (_, change, code) => {
    const { browser, url } = await signInThere()
    change(url)
    expect((await browser.visit(url.href)).url.href).toBe(`${service.origin}/?signInError=${code}`)
    expect(await browser.cookieOf('access')).toBeUndefined()
  })
})
