import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { permitQuery } from '#catalog'
import { AppError } from '#platform/errors'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { newTrace, runInTrace } from '#platform/trace'
import { createErp } from '../../create-erp.ts'
import { demoCatalog } from '../../demo-erp-fixture.ts'
import type { RecordSpec } from '../../erp-connector.ts'
import { every } from '../../filter.ts'
import { createOdataConnector } from './odata-connector.ts'

type Reply = { status?: number; headers?: Record<string, string>; body?: string }
type Answer = (url: URL, request: IncomingMessage) => Reply | ((response: ServerResponse) => void)

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const log = createLogger({ level: 'silent', role: 'test' })
const { signal } = new AbortController()
const json = { 'content-type': 'application/json;odata.metadata=minimal' }
const page = (rows: string, more = ''): Reply => ({ headers: json, body: `{${more}"value":[${rows}]}` })
const records: RecordSpec = {
  kind: 'records',
  entity: 'item',
  filter: every([]),
  fields: ['code', 'unitPrice'],
  orderBy: [],
  maxRows: 100,
}

/** An ERP that answers as it is told, and a connector to it. */
async function open(answer: Answer, limits: object = {}) {
  const seen: { url: URL; headers: IncomingMessage['headers'] }[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', `http://${request.headers.host}`)
    if (url.pathname === '/oauth2/token') {
      response.writeHead(200, json).end('{"access_token":"token","expires_in":300}')
      return
    }
    seen.push({ url, headers: request.headers })
    const reply = answer(url, request)
    if (typeof reply === 'function') reply(response)
    else response.writeHead(reply.status ?? 200, reply.headers ?? {}).end(reply.body ?? '')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const config = { urls: [url], clientId: 'id', clientSecret: 'secret', apiKey: 'api-key' }
  const all = { baseDelayMs: 1, attemptMs: 500, budgetMs: 1_000, ...limits }
  const connector = createOdataConnector({ config, catalog: demoCatalog, log, metrics: createMetrics(), limits: all })
  closing.push(async () => {
    await connector.close()
    server.closeAllConnections()
    server.close()
  })
  const fetch = () =>
    connector.fetch(records, signal).then(
      ({ rows }) => rows,
      (error: unknown) => (error instanceof AppError ? error.spec.code : error),
    )
  return { connector, seen, fetch, url }
}

test('every call carries both credentials and the trace', async () => {
  const { connector, seen } = await open(() => page(''))
  const trace = newTrace()
  await runInTrace(trace, () => connector.fetch(records, signal))
  expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer token', 'x-api-key': 'api-key' })
  expect(seen[0]?.headers.accept).toContain('IEEE754Compatible=true')
  expect(seen[0]?.headers.traceparent).toContain(trace.traceId)
})

test('numbers that come as numbers keep every digit', async () => {
  const { fetch } = await open(() =>
    page('{"Code":"A","UnitPrice":12345678901234567890.10},{"Code":"B","UnitPrice":0.1}'),
  )
  expect(await fetch()).toEqual([
    { code: 'A', unitPrice: '12345678901234567890.1' },
    { code: 'B', unitPrice: '0.1' },
  ])
})

test('a reply is of now, whatever the ERP’s clock says, less what a cache kept it', async () => {
  const date = 'Mon, 23 Nov 2020 01:02:03 GMT'
  const asOf = async (headers: Record<string, string>) => {
    const { connector } = await open(() => ({ ...page(''), headers: { ...json, ...headers } }))
    return Date.parse((await connector.fetch(records, signal)).asOf)
  }
  const before = Date.now()
  const times = [await asOf({ date }), (await asOf({ date, age: '3600' })) + 3_600_000, await asOf({ age: 'old' })]
  for (const time of times) expect(time >= before && time <= Date.now()).toBe(true)
})

describe('pages', () => {
  const row = (code: string) => `{"Code":"${code}","UnitPrice":1}`

  test('are followed to the end, by absolute and relative links', async () => {
    const { fetch, seen } = await open((url) => {
      const at = url.searchParams.get('$skiptoken')
      if (at === 'c') return page(row('c'))
      if (at === 'b') return page(row('b'), '"@odata.nextLink":"Items?$skiptoken=c",')
      return page(row('a'), `"@odata.nextLink":"${url.origin}/odata/v4/Items?$skiptoken=b",`)
    })
    expect(await fetch()).toMatchObject([{ code: 'a' }, { code: 'b' }, { code: 'c' }])
    expect(seen).toHaveLength(3)
  })

  test('elsewhere are refused: credentials go to the ERP only', async () => {
    const other = await open(() => page(row('x')))
    const link = `"@odata.nextLink":"${other.url}/odata/v4/Items?$skiptoken=b",`
    const { fetch } = await open((url) => (url.searchParams.has('$skiptoken') ? page(row('b')) : page(row('a'), link)))
    expect(await fetch()).toBe('ERP_BAD_REPLY')
    expect(other.seen).toEqual([])
  })

  test('that do not end are refused, never cut short', async () => {
    let count = 0
    const nextToken = () => {
      count += 1
      return count
    }
    const next = () => page(row('a'), `"@odata.nextLink":"Items?$skiptoken=${nextToken()}",`)
    expect(await (await open(next)).fetch()).toBe('QUERY_TOO_BIG')
    const empty = () => page('', `"@odata.nextLink":"Items?$skiptoken=${nextToken()}",`)
    expect(await (await open(empty, { pagingMs: 50 })).fetch()).toBe('QUERY_TOO_BIG')
    const same = (url: URL) => page('', `"@odata.nextLink":"${url.href}",`)
    expect(await (await open(same)).fetch()).toBe('ERP_BAD_REPLY')
  })

  test('of which one is lost give no rows at all', async () => {
    const { fetch } = await open((url) =>
      url.searchParams.has('$skiptoken')
        ? (response) => response.destroy()
        : page(row('a'), '"@odata.nextLink":"Items?$skiptoken=b",'),
    )
    expect(await fetch()).toBe('ERP_UNAVAILABLE')
  })
})

describe('a reply', () => {
  test('without end is not read to the end', async () => {
    let sent = 0
    const flood = (response: ServerResponse) => {
      response.writeHead(200, json)
      const write = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536))) sent += 65_536
      }
      response.on('drain', write)
      write()
    }
    const { fetch } = await open(() => flood, { maxReplyBytes: 1_000_000 })
    expect(await fetch()).toBe('ERP_BAD_REPLY')
    expect(sent).toBeLessThan(20_000_000)
  })

  test('that trickles in is timed as a whole', async () => {
    const trickle = (response: ServerResponse) => {
      response.writeHead(200, json)
      const timer = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(timer))
    }
    expect(await (await open(() => trickle, { attemptMs: 200 })).fetch()).toBe('ERP_TIMEOUT')
  })

  test('that redirects is not followed', async () => {
    const { fetch, seen } = await open(() => ({ status: 302, headers: { location: '/odata/v4/Items' } }))
    expect(await fetch()).toBe('ERP_BAD_REPLY')
    expect(seen).toHaveLength(1)
  })

  test('may still come when less time is left than one attempt may take', async () => {
    let calls = 0
    const seenOnce = () => {
      calls += 1
      return calls > 1
    }
    const { fetch } = await open(() => (seenOnce() ? page('') : { status: 500 }), { attemptMs: 500, budgetMs: 400 })
    expect(await fetch()).toEqual([])
  })
})

describe('grouping', () => {
  const lines = '{"Amount":1.25,"CustomerName":"A"},{"Amount":2.5,"CustomerName":"B"},{"Amount":4,"CustomerName":"A"}'
  const query = permitQuery({ entity: 'sales', measures: ['amount'], groupBy: ['customer'], limit: 1 }, 'all', 'tester')

  // The two parts of the first answer ask at the same time.
  test.each([
    [501, 2],
    [400, 4],
  ])('refused with %i is done here, after %i attempts', async (status, attempts) => {
    const { connector, seen } = await open((url) => (url.searchParams.has('$apply') ? { status } : page(lines)))
    const erp = createErp({ connector, catalog: demoCatalog, log })
    for (let i = 0; i < 2; i += 1) {
      const answer = await erp.answerQuery(query, signal)
      expect(answer).toMatchObject({
        rows: [{ customer: 'A', amount: '5.25' }],
        totals: { amount: '7.75' },
        completeness: { of: 2 },
      })
    }
    expect(seen.filter(({ url }) => url.searchParams.has('$apply')).length).toBe(attempts)
  })
})

test('an ERP that only cannot count distinct values still groups: by order, and the orders are counted here', async () => {
  const rows = ['A","OrderNo":"1', 'A","OrderNo":"2', 'B","OrderNo":"1'].map((row) => `{"CustomerName":"${row}"}`)
  const { connector, seen } = await open((url) => {
    const apply = url.searchParams.get('$apply') ?? ''
    return apply.includes('countdistinct') ? { status: 501 } : page(rows.join())
  })
  const erp = createErp({ connector, catalog: demoCatalog, log })
  const query = permitQuery({ entity: 'salesOrder', measures: ['count'], groupBy: ['customer'] }, 'all', 'tester')
  for (let i = 0; i < 2; i += 1) {
    const answer = await erp.answerQuery(query, signal)
    expect(answer.rows).toEqual([
      { customer: 'A', count: 2 },
      { customer: 'B', count: 1 },
    ])
    expect(answer.totals).toEqual({ count: 2 })
  }
  expect(seen.at(-1)?.url.searchParams.get('$apply')).toBe('groupby((CustomerName,OrderNo))')
  expect(connector.capabilities()).toMatchObject({ aggregate: 'server', countDistinct: false })
})

test('an ERP that would be reached in the clear is refused at once', () => {
  const config = { urls: ['http://erp.example.com'], clientId: 'id', clientSecret: 'secret', apiKey: 'key' }
  expect(() => createOdataConnector({ config, catalog: demoCatalog, log, metrics: createMetrics() })).toThrow(
    'over https',
  )
})
