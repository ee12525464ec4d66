import { afterEach, describe, expect, test } from 'vitest'
import { createMemoryRateCounters } from '#platform/rate-counters.memory'
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

describe('what is left', () => {
  test('is in every counted answer, and a refusal says when to come back', async () => {
    const { server } = await start({ limits: { perActor: 2 } })
    const send = () => server.inject(echo({ text: 'hi' }))
    const first = await send()
    expect(first.headers).toMatchObject({
      'ratelimit-policy': '2;w=60',
      'ratelimit-limit': '2',
      'ratelimit-remaining': '1',
    })
    await send()
    const { headers, statusCode } = await send()
    expect(statusCode).toBe(429)
    expect(headers['ratelimit-remaining']).toBe('0')
    expect(headers['ratelimit-reset']).toBe(headers['retry-after'])
    expect((await server.inject('/healthz')).headers['ratelimit-limit']).toBeUndefined()
  })

  test('is one for all replicas that count together', async () => {
    const counters = createMemoryRateCounters()
    const [a, b] = [
      await start({ limits: { perActor: 2 }, counters }),
      await start({ limits: { perActor: 2 }, counters }),
    ]
    await a.server.inject(echo({ text: 'hi' }))
    await b.server.inject(echo({ text: 'hi' }))
    expect((await a.server.inject(echo({ text: 'hi' }))).statusCode).toBe(429)
  })

  test('an IPv6 caller is its /64, however many addresses it has', async () => {
    const { server } = await start({ limits: { perAddress: 1 } })
    const from = async (remoteAddress: string) =>
      (await server.inject({ url: '/api/v1/open', remoteAddress })).statusCode
    expect(await from('2001:db8::1')).toBe(200)
    expect(await from('2001:db8::ffff:2')).toBe(429)
    expect(await from('2001:db8:0:1::1')).toBe(200)
  })
})

describe('requests out of proportion', () => {
  const many = (count: number) => `{"text":"hi","list":[${Array(count).fill('1').join(',')}]}`
  test.each([
    ['a long address', { url: `/api/v1/open?x=${'y'.repeat(8_200)}` }, 414, 'URL_TOO_LONG'],
    ['many parameters', { url: `/api/v1/open?${'a&'.repeat(101)}` }, 414, 'URL_TOO_LONG'],
    ['many items', { ...echo(many(11_000)) }, 400, 'BAD_JSON'],
    [
      'many headers',
      { url: '/api/v1/open', headers: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`x-${n}`, '1'])) },
      431,
      'HEADERS_TOO_LARGE',
    ],
  ])('%s is refused', async (_, call, status, code) => {
    const { server } = await start()
    expect(statusAndCode(await server.inject(call))).toEqual([status, code])
  })

  test('just within is not', async () => {
    const { server } = await start()
    expect((await server.inject(`/api/v1/open?x=${'y'.repeat(8_000)}`)).statusCode).toBe(200)
    expect((await server.inject(`/api/v1/open?${'a&'.repeat(99)}`)).statusCode).toBe(200)
    expect((await server.inject(echo(many(9_000)))).statusCode).toBe(200)
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
    ['an API key', { ...byCookie, 'x-api-key': 'k', origin: 'https://evil.example' }, 401],
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
