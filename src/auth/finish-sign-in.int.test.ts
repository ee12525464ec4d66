import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
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

describe('a callback', () => {
  /** Signs in up to, but not into, our callback. */
  async function stopBeforeCallback() {
    const browser = office.createBrowser()
    const { url } = await browser.signIn('minsu', '/chat', /\/auth\/callback/)
    return { browser, url }
  }
  const expired = () => `${office.origin}/?signInError=SIGN_IN_EXPIRED`
  const failed = () => `${office.origin}/?signInError=SIGN_IN_FAILED`

  test('works once', async () => {
    const { browser, url } = await stopBeforeCallback()
    expect((await browser.visit(url.href)).url.href).toBe(`${office.origin}/chat`)
    expect((await browser.visit(url.href)).url.href).toBe(expired())
  })

  test('works only in the browser that began: nobody is signed in to another’s account', async () => {
    const { url } = await stopBeforeCallback()
    const victim = office.createBrowser()
    await victim.visit('/auth/login', { until: /authorize|\/auth\?|login/ })
    expect((await victim.visit(url.href)).url.href).toBe(expired())
    expect(await victim.cookieOf('access')).toBeUndefined()
  })

  test('in two tabs at once works in both', async () => {
    const browser = office.createBrowser()
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
    expect((await browser.visit(url.href)).url.href).toBe(`${office.origin}/?signInError=${code}`)
  })

  test('leaves neither codes nor tokens in the log', async () => {
    const { browser, url } = await stopBeforeCallback()
    await browser.visit(url.href)
    await browser.visit(url.href)
    const log = office.service.logged.join('')
    expect(log).toContain('A sign-in failed')
    for (const name of ['code', 'state']) expect(log).not.toContain(url.searchParams.get(name))
    expect(log).not.toMatch(/eyJ|김민수/)
  })
})

test('nobody is sent to another site after signing in', async () => {
  const end = await office.createBrowser().signIn('minsu', '//evil.example/chat')
  expect(end.url.href).toBe(`${office.origin}/`)
})
