import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { permitQuery } from '#catalog'
import { AppError } from '#platform/errors'
import type { ErpServerOptions } from '../../demo/erp/serve-erp.ts'
import type { Erp } from './create-erp.ts'
import { openDemoErp, orderFault } from './demo-erp-fixture.ts'
import type { ErpConnector } from './erp-connector.ts'

let demo: Awaited<ReturnType<typeof openDemoErp>>
/** What is right, by independent SQL. */
let expected: { amount: string; count: number }

beforeAll(async () => {
  demo = await openDemoErp()
  const [row] = await demo.select('select sum(amount)::text as amount, count(*)::int as count from erp.invoice_lines')
  expected = { amount: String(Number(row.amount)), count: row.count }
})
afterAll(async () => await demo.close())

const { signal } = new AbortController()
const limits = { attemptMs: 800, baseDelayMs: 2, budgetMs: 4_000, maxReplyBytes: 1_000_000 }
const query = permitQuery({ entity: 'sales', measures: ['amount', 'count'] }, 'all', 'tester')

/** A copy whose numbers nobody could mistake for the ERP's. */
const copy: ErpConnector = {
  capabilities: () => ({ aggregate: 'server', countDistinct: true, dateParts: ['year', 'month'] }),
  fetch: async () => ({
    rows: [{ 'sum:amount': '7', count: 1 }],
    count: 1,
    source: 'copy',
    asOf: '2026-11-22T17:00:00.000Z',
    calls: 1,
  }),
  status: () => ({ state: 'live', servers: [] }),
  close: async () => undefined,
}

const ask = (erp: Erp) =>
  erp.answerQuery(query, signal).then(
    ({ rows, source, copyReason }) => ({ rows, source, ...(copyReason ? { copyReason } : {}) }),
    (error: unknown) => (error instanceof AppError ? error.spec.code : error),
  )
const live = () => ({ rows: [expected], source: 'live' })

/** One server that does as ordered, and the same service with a copy and without. */
async function open(more: Partial<ErpServerOptions> = {}) {
  const calls: string[] = []
  const onCall = ({ path }: { path: string }) => {
    if (path.startsWith('/odata')) calls.push(path)
  }
  const server = await demo.serve(0, { onCall, ...more })
  const alone = demo.connect([server.url], { limits }).erp
  const copied = demo.connect([server.url], { limits, copy }).erp
  const order = (kind: string, times = 1, details: object = {}) => orderFault(server.url, kind, times, details)
  return { alone, copied, order, server, calls }
}

describe('one ERP server that for a moment', () => {
  test.each<[string, number, object?]>([
    ['401', 1],
    ['429', 3, { retryAfterS: 0 }],
    ['500', 3],
    ['503', 3, { retryAfterS: 0 }],
    ['reset', 3],
    ['half-page', 3],
    ['html', 3],
    ['error-inside', 3],
    ['wrong-types', 3],
    ['gzip', 3],
  ])('does %s, %i times, is asked again, and the answer is right', async (kind, times, more) => {
    const { alone, order } = await open()
    await order(kind, times, more)
    expect(await ask(alone)).toEqual(live())
  })

  test.each<[string, number]>([
    ['500', 2],
    ['reset', 2],
  ])('does %s, %i times at the token endpoint, is asked again', async (kind, times) => {
    const { alone, order } = await open()
    await order(kind, times, { at: 'token' })
    expect(await ask(alone)).toEqual(live())
  })
})

describe('one ERP server that', () => {
  test.each<[string, string, string, object?]>([
    ['hang', 'ERP_TIMEOUT', 'slow'],
    ['drip', 'ERP_TIMEOUT', 'slow'],
    ['429', 'ERP_RATE_LIMITED', 'limited', { retryAfterS: 60 }],
    ['500', 'ERP_UNAVAILABLE', 'unreachable'],
    ['503', 'ERP_UNAVAILABLE', 'unreachable', { retryAfterS: 600 }],
    ['reset', 'ERP_UNAVAILABLE', 'unreachable'],
    ['half-page', 'ERP_UNAVAILABLE', 'unreachable'],
    ['html', 'ERP_BAD_REPLY', 'unclear'],
    ['error-inside', 'ERP_BAD_REPLY', 'unclear'],
    ['wrong-types', 'ERP_BAD_REPLY', 'unclear'],
    ['huge', 'ERP_BAD_REPLY', 'unclear'],
    ['gzip', 'ERP_BAD_REPLY', 'unclear'],
    ['redirect', 'ERP_BAD_REPLY', 'unclear'],
  ])('goes on to do %s gives no number: %s, and the copy answers as %s', async (kind, code, copyReason, more) => {
    const { alone, copied, order } = await open()
    await order(kind, 1_000, more)
    expect(await ask(alone)).toBe(code)
    expect(await ask(copied)).toEqual({ rows: [{ amount: '7', count: 1 }], source: 'copy', copyReason })
  })

  test.each([
    ['401', 2],
    ['403', 1],
  ])('refuses us with %s may have reasons: the copy does not step in', async (kind, times) => {
    const { copied, order } = await open()
    await order(kind, times)
    expect(await ask(copied)).toBe('ERP_REFUSED')
  })

  test('has no tokens left to give cannot be asked, and says so', async () => {
    const { alone, copied, order } = await open()
    await order('hang', 1_000, { at: 'token' })
    expect(await ask(alone)).toBe('ERP_TIMEOUT')
    expect(await ask(copied)).toMatchObject({ source: 'copy', copyReason: 'slow' })
  })
})

test('a redirect is not followed: nobody else gets our credentials', async () => {
  const seen: unknown[] = []
  const elsewhere = createServer((request, response) => {
    seen.push(request.headers)
    response.end('{"value":[]}')
  })
  elsewhere.listen(0, '127.0.0.1')
  await once(elsewhere, 'listening')
  const { alone, order } = await open()
  const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/odata/v4/Sales`
  for (const at of ['token', 'odata']) {
    await order('redirect', 1, { at, location })
    expect(await ask(alone)).toBe('ERP_BAD_REPLY')
  }
  expect(await ask(alone)).toEqual(live())
  expect(seen).toEqual([])
  elsewhere.close()
})

test('while a rate limit runs, no question reaches the ERP', async () => {
  const { alone, order, calls } = await open()
  await order('429', 1, { retryAfterS: 30 })
  expect(await ask(alone)).toBe('ERP_RATE_LIMITED')
  const before = calls.length
  expect(await Promise.all(Array.from({ length: 20 }, () => ask(alone)))).toEqual(Array(20).fill('ERP_RATE_LIMITED'))
  expect(calls.length).toBe(before)
})

test('a time-out is not repeated, nor is a page that is too large', async () => {
  for (const kind of ['hang', 'huge']) {
    const { alone, order, calls } = await open()
    expect(await ask(alone)).toEqual(live())
    calls.length = 0
    await order(kind, 1_000)
    await ask(alone)
    await expect.poll(() => calls.length).toBe(1)
  }
})

test('the fetches of an answer share three retries, however many fail', async () => {
  const { alone, order, calls } = await open()
  const compared = { entity: 'sales', measures: ['amount'], groupBy: ['customer'], limit: 3 }
  const period = { field: 'date', from: '2026-11-01', to: '2026-11-23' }
  const asked = permitQuery({ ...compared, period, compareTo: 'previousPeriod' }, 'all', 'tester')
  const { timing } = await alone.answerQuery(asked, signal)
  expect(timing.calls).toBeGreaterThan(2)
  await expect.poll(() => calls.length).toBe(timing.calls)
  calls.length = 0
  await order('500', 1_000)
  await expect(alone.answerQuery(asked, signal)).rejects.toMatchObject({ spec: { code: 'ERP_UNAVAILABLE' } })
  await expect.poll(() => calls.length).toBeGreaterThan(timing.calls)
  expect(calls.length).toBeLessThanOrEqual(timing.calls + 3)
})

describe.each([7_200, -7_200])('an ERP whose clock is %i s ahead', (clockAheadS) => {
  test('is asked as ever, and its answers are of now', async () => {
    const { alone } = await open({ clockAheadS })
    const before = Date.now()
    const { rows, source, asOf } = await alone.answerQuery(query, signal)
    expect({ rows, source }).toEqual(live())
    expect(Date.parse(asOf)).toBeGreaterThanOrEqual(before)
    expect(Date.parse(asOf)).toBeLessThanOrEqual(Date.now())
  })

  test('is waited for until a date by its own clock', async () => {
    const { alone, order } = await open({ clockAheadS })
    await order('429', 1, { retryAfterS: 0, asDate: true })
    expect(await ask(alone)).toEqual(live())
    await order('429', 1, { retryAfterS: 60, asDate: true })
    expect(await ask(alone)).toBe('ERP_RATE_LIMITED')
  })
})
