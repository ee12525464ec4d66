import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { permitQuery } from '#catalog'
import { AppError } from '#platform/errors'
import type { ErpServer } from '../../demo/erp/serve-erp.ts'
import type { Erp } from './create-erp.ts'
import { openDemoErp, orderFault } from './demo-erp-fixture.ts'
import { every } from './filter.ts'

let demo: Awaited<ReturnType<typeof openDemoErp>>
beforeAll(async () => {
  demo = await openDemoErp()
})
afterAll(async () => await demo.close())

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const { signal } = new AbortController()
const limits = { attemptMs: 800, baseDelayMs: 2, budgetMs: 4_000, restMs: 300 }
const total = permitQuery({ entity: 'sales', measures: ['count'] }, 'all', 'tester')
const codeOf = (work: Promise<unknown>) =>
  work.catch((error: unknown) => (error instanceof AppError ? error.spec.code : error))
const sourceOf = (erp: Erp) => codeOf(erp.answerQuery(total, signal).then(({ source }) => source))

/** A primary and a standby, both with their calls, and our service over them. */
async function open(more: object = {}) {
  const calls = { primary: 0, standby: 0 }
  const count = (name: keyof typeof calls) => ({
    onCall: ({ path }: { path: string }) => {
      if (path.startsWith('/odata')) calls[name] += 1
    },
  })
  const primary = await demo.serve(0, count('primary'))
  const standby = await demo.serve(0, count('standby'))
  const { erp, connector, metrics } = demo.connect([primary.url, standby.url], { limits: { ...limits, ...more } })
  closing.push(() => void erp.close())
  return { primary, standby, erp, connector, metrics, calls }
}

const portOf = ({ url }: ErpServer) => Number(new URL(url).port)

describe('a primary', () => {
  test('that is gone is replaced at once, and is back once it answers, without anybody asking', async () => {
    const { primary, erp, connector, calls } = await open()
    expect(await sourceOf(erp)).toBe('live')
    await demo.stop(primary)
    expect(await sourceOf(erp)).toBe('failover')
    expect(connector.status().state).toBe('failover')
    await demo.serve(portOf(primary))
    await expect.poll(() => connector.status().state, { timeout: 5_000 }).toBe('live')
    const before = calls.standby
    expect(await sourceOf(erp)).toBe('live')
    expect(calls.standby).toBe(before)
  })

  test('that hangs is a time-out, but not for ever: then the standby is asked at once, until the primary is well', async () => {
    const { primary, erp, connector, metrics } = await open({ attemptMs: 200, breakAfter: 3 })
    expect(await sourceOf(erp)).toBe('live')
    await orderFault(primary.url, 'hang', 1_000)
    for (let i = 0; i < 3; i += 1) expect(await sourceOf(erp)).toBe('ERP_TIMEOUT')
    expect(await sourceOf(erp)).toBe('failover')
    expect(connector.status()).toMatchObject({ state: 'failover', servers: [{ state: 'down' }, { breaker: 'closed' }] })
    expect(await metrics.registry.metrics()).toMatch(/erp_breaker_state\{server="primary"\} [12]/)
    await orderFault(primary.url, 'hang', 0)
    await expect.poll(() => connector.status().state, { timeout: 5_000 }).toBe('live')
    expect(await sourceOf(erp)).toBe('live')
    expect(await metrics.registry.metrics()).toContain('erp_breaker_state{server="primary"} 0')
  })

  test('under maintenance is left alone for as long as it asks', async () => {
    const { primary, erp, calls } = await open()
    await orderFault(primary.url, '503', 1_000, { retryAfterS: 600 })
    for (let i = 0; i < 5; i += 1) expect(await sourceOf(erp)).toBe('failover')
    expect(calls.primary).toBe(1)
  })

  test('that has lost its token endpoint is asked with the token in hand, and with one of the standby later', async () => {
    const { primary, erp, connector } = await open()
    expect(await sourceOf(erp)).toBe('live')
    await orderFault(primary.url, 'reset', 1_000, { at: 'token' })
    expect(await sourceOf(erp)).toBe('live')
    await orderFault(primary.url, '401', 1)
    expect(await sourceOf(erp)).toBe('failover')
    await expect.poll(() => connector.status().state, { timeout: 5_000 }).toBe('live')
    expect(await sourceOf(erp)).toBe('live')
  })

  test('that refuses us is no reason to ask the standby', async () => {
    const { primary, erp, calls } = await open()
    await orderFault(primary.url, '403', 1)
    expect(await sourceOf(erp)).toBe('ERP_REFUSED')
    expect(calls.standby).toBe(0)
  })
})

describe('with primary and standby', () => {
  test('both gone there is no answer, and there is again when one is back', async () => {
    const { primary, standby, erp } = await open()
    await demo.stop(primary)
    await demo.stop(standby)
    expect(await sourceOf(erp)).toBe('ERP_UNAVAILABLE')
    await demo.serve(portOf(standby))
    await expect.poll(() => sourceOf(erp), { timeout: 5_000 }).toBe('failover')
  })

  test('both hanging nobody waits any more, and the reason is still told', async () => {
    const { primary, standby, erp, calls } = await open({ attemptMs: 200, breakAfter: 2, restMs: 60_000 })
    await orderFault(primary.url, 'hang', 1_000)
    await orderFault(standby.url, 'hang', 1_000)
    for (let i = 0; i < 4; i += 1) expect(await sourceOf(erp)).toBe('ERP_TIMEOUT')
    const asked = { ...calls }
    for (let i = 0; i < 20; i += 1) expect(await sourceOf(erp)).toBe('ERP_TIMEOUT')
    expect(calls).toEqual(asked)
  })
})

type Answer = (url: URL, response: ServerResponse) => void

/** Two servers of which each says in its rows which it is. */
async function openScripted(primary: Answer, standby: Answer) {
  const urls: string[] = []
  for (const answer of [primary, standby]) {
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '', `http://${request.headers.host}`)
      response.setHeader('content-type', 'application/json')
      if (url.pathname === '/oauth2/token') response.end('{"access_token":"token","expires_in":300}')
      else answer(url, response)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    closing.push(() => {
      server.closeAllConnections()
      server.close()
    })
    urls.push(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  }
  const { erp, connector } = demo.connect(urls, { limits })
  closing.push(() => void erp.close())
  return { erp, connector }
}

describe('a primary that dies in the middle of a question leaves nothing of its own in the answer', () => {
  const pages =
    (name: string, second: (response: ServerResponse) => void): Answer =>
    (url, response) => {
      if (url.searchParams.has('$skiptoken')) return second(response)
      const next = `"@odata.nextLink":"Items?$skiptoken=b"`
      response.end(`{${next},"value":[{"Code":"${name}1"}]}`)
    }
  const spec = {
    kind: 'records' as const,
    entity: 'item',
    filter: every([]),
    fields: ['code'],
    orderBy: [],
    maxRows: 9,
  }

  test('between two pages', async () => {
    const { connector } = await openScripted(
      pages('primary', (response) => response.destroy()),
      pages('standby', (response) => response.end('{"value":[{"Code":"standby2"}]}')),
    )
    const { rows, source } = await connector.fetch(spec, signal)
    expect({ rows, source }).toEqual({ rows: [{ code: 'standby1' }, { code: 'standby2' }], source: 'failover' })
  })

  test('by a time-out between two pages: there is no answer', async () => {
    const { connector } = await openScripted(
      pages('primary', () => undefined),
      pages('standby', (response) => response.end('{"value":[]}')),
    )
    expect(await codeOf(connector.fetch(spec, signal))).toBe('ERP_TIMEOUT')
  })

  const top = permitQuery({ entity: 'sales', measures: ['amount'], groupBy: ['customer'], limit: 1 }, 'all', 'tester')
  const isTotal = (url: URL) => !(url.searchParams.get('$apply') ?? '').includes('groupby')
  const groups = (amount: number): Answer => {
    const aggregate = (url: URL) => (/ as (\w+)/.exec(url.searchParams.get('$apply') ?? '') ?? [])[1]
    return (url, response) => response.end(`{"value":[{"CustomerName":"A","${aggregate(url)}":${amount}}]}`)
  }

  test('between the rows and their total', async () => {
    const { erp } = await openScripted((url, response) => {
      // The rows come first, and the total is never given.
      if (isTotal(url)) setTimeout(() => response.destroy(), 50)
      else groups(1)(url, response)
    }, groups(5))
    const { rows, totals, source } = await erp.answerQuery(top, signal)
    expect({ rows, totals, source }).toEqual({
      rows: [{ customer: 'A', amount: '5' }],
      totals: { amount: '5' },
      source: 'failover',
    })
  })
})
