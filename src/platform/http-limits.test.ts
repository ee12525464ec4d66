import { afterEach, describe, expect, test } from 'vitest'
import { asSomi, closeAll, echo, start, statusAndCode } from './http/server-fixture.ts'

afterEach(closeAll)

describe('limits', () => {
  test('a person is stopped, others are not, and pages count for nobody', async () => {
    const { server, calls } = await start({ limits: { perActor: 2 } })
    await server.inject(echo({ text: 'hi' }))
    await server.inject(echo({ text: 'hi' }))
    const third = await server.inject(echo({ text: 'hi' }))
    expect(statusAndCode(third)).toEqual([429, 'RATE_LIMITED'])
    expect(Number(third.headers['retry-after'])).toBeGreaterThan(0)
    expect((await server.inject(echo({ text: 'hi' }, { authorization: 'Bearer minsu' }))).statusCode).toBe(200)
    expect(calls.map((call) => call.status)).toEqual([200, 200, 429, 200])
  })

  test('an address is stopped also when nothing it sends is accepted', async () => {
    const { server } = await start({ limits: { perAddress: 2 } })
    const guess = () => server.inject(echo({ text: 'hi' }, {}))
    expect([(await guess()).statusCode, (await guess()).statusCode, (await guess()).statusCode]).toEqual([
      401, 401, 429,
    ])
    expect((await server.inject('/healthz')).statusCode).toBe(200)
  })
})

describe('other sites', () => {
  const byCookie = { cookie: 'access=x' }
  test.each([
    ['no origin', byCookie, 403],
    ['another site', { ...byCookie, origin: 'https://evil.example' }, 403],
    [
      'another site that says same-origin',
      { ...byCookie, origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
      403,
    ],
    ['a sandboxed page', { ...byCookie, origin: 'null' }, 403],
    ['a rebound name', { ...byCookie, origin: 'http://evil.example', host: 'evil.example' }, 403],
    ['our pages', { ...byCookie, origin: 'http://chat.example.com' }, 401],
    ['our pages, by fetch metadata', { ...byCookie, 'sec-fetch-site': 'same-origin' }, 401],
    ['loopback', { ...byCookie, origin: 'http://127.0.0.1:8080', host: '127.0.0.1:8080' }, 401],
    ['another port of loopback', { ...byCookie, origin: 'http://127.0.0.1:9', host: '127.0.0.1:8080' }, 403],
    ['a token', { ...byCookie, ...asSomi, origin: 'https://evil.example' }, 200],
  ])('%s', async (_, headers, status) => {
    const { server } = await start()
    expect((await server.inject(echo({ text: 'hi' }, headers))).statusCode).toBe(status)
  })

  test('security headers fit the pages', async () => {
    const { server } = await start()
    const { headers } = await server.inject('/healthz')
    expect(headers['content-security-policy']).toMatch(/script-src 'self';/)
    expect(headers['content-security-policy']).toContain("style-src 'self' 'unsafe-inline'")
    expect(headers['content-security-policy']).toContain('ws://chat.example.com')
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['strict-transport-security']).toBeUndefined()
  })
})
