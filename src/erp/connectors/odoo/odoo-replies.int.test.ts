import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { permitQuery } from '#catalog'
import { AppError } from '#platform/errors'
import { createMetrics } from '#platform/metrics'
import type { GroupSpec, RecordSpec } from '../../erp-connector.ts'
import { reasonOf } from '../../failure-reason.ts'
import { every } from '../../filter.ts'
import { createOdooConnector } from './odoo-connector.ts'
import { log, odooCatalog, openOffice } from './odoo-office-fixture.ts'
import { officeModels } from './odoo-office-models-fixture.ts'
import { traceSecret } from './odoo-simulator-fixture.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const { signal } = new AbortController()
const lines: RecordSpec = {
  kind: 'records',
  entity: 'salesOrder',
  filter: every([]),
  fields: ['orderNo', 'amount'],
  orderBy: [],
  maxRows: 1_000,
}
const total: GroupSpec = {
  ...lines,
  kind: 'groups',
  keys: [],
  aggregates: [{ fn: 'sum', field: 'amount' }],
  having: [],
}
const items: RecordSpec = { ...lines, entity: 'item', fields: ['name'] }

async function open(options: Parameters<typeof openOffice>[0] = {}) {
  const office = await openOffice(options)
  closing.push(office.close)
  const fail = (spec: RecordSpec | GroupSpec = lines) =>
    office.connector.fetch(spec, signal).then(
      () => new Error('answered'),
      (error: Error) => error,
    )
  return { ...office, fail }
}

const codeOf = (error: unknown) => (error instanceof AppError ? error.spec.code : String(error))
const sendJson = (response: ServerResponse, status: number, name: string, headers = {}) => {
  const body = {
    name,
    message: 'secret words',
    arguments: ['secret words'],
    context: {},
    debug: `Traceback ${traceSecret}`,
  }
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  return true
}

describe('what the ERP refuses', () => {
  test.each<[string, number, string, string, RegExp]>([
    [
      'a key that has expired',
      401,
      'werkzeug.exceptions.Unauthorized',
      'ERP_REFUSED',
      /the API key was refused.*three months/,
    ],
    [
      'access to a model',
      403,
      'odoo.exceptions.AccessError',
      'ERP_REFUSED',
      /403, odoo.exceptions.AccessError at product.product/,
    ],
    ['a model that is not installed', 404, 'werkzeug.exceptions.NotFound', 'NOT_IN_ERP', /NOT_IN_ERP/],
    ['an argument', 422, 'werkzeug.exceptions.UnprocessableEntity', 'ERP_BAD_REPLY', /422/],
    ['a name in a condition', 500, 'builtins.ValueError', 'ERP_BAD_REPLY', /500, builtins.ValueError/],
    ['to say what went wrong', 500, 'not a class name!', 'ERP_UNAVAILABLE', /ERP_UNAVAILABLE/],
  ])('%s', async (_, status, name, code, reason) => {
    const { fail, simulator } = await open({ before: (__, response) => sendJson(response, status, name) })
    const error = await fail(items)
    expect(codeOf(error)).toBe(code)
    expect(reasonOf(error)).toMatch(reason)
    // Repeating mends none of these but the last.
    expect(simulator.seen.length).toBe(code === 'ERP_UNAVAILABLE' ? 4 : 1)
    const shown = JSON.stringify([reasonOf(error), error, (error as AppError).details, error.stack])
    for (const secret of [traceSecret, 'secret words', 'Traceback', 'bearer']) expect(shown).not.toContain(secret)
  })

  test.each([
    ['of the database', 500, 'psycopg2.errors.SerializationFailure', 2],
    ['of a gateway', 503, 'gateway', 2],
    ['of a rate limit', 429, 'limited', 2],
  ])('for a moment is asked for again: %s', async (_, status, name, calls) => {
    let isFirst = true
    const { connector, simulator } = await open({
      before: ({ method }, response) => {
        if (method !== 'formatted_read_group' || !isFirst) return undefined
        isFirst = false
        return sendJson(response, status, name, { 'retry-after': '0' })
      },
    })
    expect((await connector.fetch(total, signal)).rows).toEqual([{ 'sum:amount': '310.3' }])
    expect(simulator.seen.filter(({ method }) => method === 'formatted_read_group')).toHaveLength(calls)
  })

  test.each([
    [500, 'builtins.ValueError', 'server', 2],
    [422, 'odoo.exceptions.UserError', 'server', 2],
    [404, 'werkzeug.exceptions.NotFound', 'none', 1],
  ])('to group, %i, is summed from records: %s', async (status, name, aggregate, attempts) => {
    const { erp, connector, simulator } = await open({
      before: ({ method, body }, response) =>
        method === 'formatted_read_group' && (body.groupby as string[]).length > 0
          ? sendJson(response, status, name)
          : undefined,
    })
    const query = permitQuery({ entity: 'salesOrder', measures: ['amount'], groupBy: ['item'] }, 'all', 'tester')
    for (let i = 0; i < 2; i += 1) {
      const { rows } = await erp.answerQuery(query, signal)
      expect(rows.map(({ item, amount }) => `${item} ${amount}`)).toEqual([
        '깊은홈 6204 210.1',
        '앵귤러_7 80',
        '헬리컬 50% 20.2',
      ])
    }
    expect(connector.capabilities().aggregate).toBe(aggregate)
    const asked = simulator.seen.filter(
      ({ method, body }) => method === 'formatted_read_group' && (body.groupby as string[]).length > 0,
    )
    expect(asked).toHaveLength(attempts)
  })
})

describe('what the ERP sends instead', () => {
  const html = (status: number) => (_: unknown, response: ServerResponse) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end('<title>Sign in</title>')
    return true
  }

  test.each([
    ['a sign-in page', 200, 'ERP_BAD_REPLY', 4],
    ['a redirection', 303, 'ERP_BAD_REPLY', 1],
    ['an error page', 404, 'ERP_BAD_REPLY', 1],
    ['a page of a gateway that finds nobody', 502, 'ERP_UNAVAILABLE', 4],
  ])('%s is no answer', async (_, status, code, calls) => {
    const { fail, simulator } = await open({ before: html(status) })
    expect(codeOf(await fail())).toBe(code)
    expect(simulator.seen).toHaveLength(calls)
  })

  test.each([
    ['half an answer', '[{"id": 1, "name"'],
    ['an answer of another method', '{"length": 3}'],
    ['rows without what was asked for', '[{"id": 1}]'],
    ['a row that is none', '[1]'],
  ])('%s is no answer', async (_, body) => {
    const { fail } = await open({
      before: ({ method }, response) => {
        if (method !== 'search_read') return undefined
        response.writeHead(200, { 'content-type': 'application/json' }).end(body)
        return true
      },
    })
    expect(codeOf(await fail({ ...items, limit: 1 }))).toBe('ERP_BAD_REPLY')
  })
})

describe('a mapping', () => {
  test('that names what an upgrade took away is found out at once, and again when it is back', async () => {
    const models = officeModels()
    const { fail, connector } = await open({ models })
    const product = models['product.product']
    const { categ_id: category, ...rest } = product?.fields ?? {}
    if (product) product.fields = rest
    const error = await fail({ ...items, fields: ['name', 'category'] })
    expect(codeOf(error)).toBe('ERP_BAD_REPLY')
    expect(reasonOf(error)).toContain('product.product has no field categ_id')
    if (product && category) product.fields = { ...rest, categ_id: category }
    expect((await connector.fetch({ ...items, fields: ['name', 'category'] }, signal)).rows).toHaveLength(3)
  })

  test('is looked up once for many questions', async () => {
    const { connector, simulator } = await open()
    for (let i = 0; i < 3; i += 1) await connector.fetch(total, signal)
    expect(simulator.seen.filter(({ method }) => method === 'fields_get').map(({ model }) => model)).toEqual([
      'sale.order.line',
    ])
  })
})

describe('every call', () => {
  test('carries the key, the database and the trace, and only reads', async () => {
    const { connector, simulator } = await open({ database: 'office', config: { database: 'office' } })
    await connector.fetch({ ...lines, limit: 2 }, signal)
    const names = ['fields_get', 'search_read', 'search_count', 'read']
    expect(simulator.seen.every(({ method }) => names.includes(method))).toBe(true)
    for (const { headers } of simulator.seen)
      expect(headers).toMatchObject({
        authorization: 'bearer key',
        'x-odoo-database': 'office',
        traceparent: expect.any(String),
      })
  })

  test('finds nothing without the name of the database', async () => {
    const { fail } = await open({ database: 'office' })
    expect(reasonOf(await fail())).toContain('the database is not named')
  })

  test('goes through a proxy with a token of its own, renewed when it is refused', async () => {
    const { simulator, fail } = await open()
    const seen: (string | undefined)[] = []
    let tokens = 0
    const proxy = createServer((request, response) => {
      if (request.url === '/oauth2/token') {
        tokens += 1
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(`{"access_token":"t${tokens}","expires_in":300}`)
        return
      }
      const token = request.headers['x-proxy-token']
      seen.push(`${token} ${request.headers.authorization}`)
      if (token !== 'Bearer t2') {
        response.writeHead(401).end()
        return
      }
      const headers = request.headers as Record<string, string>
      const body = request.method === 'POST' ? request : undefined
      fetch(`${simulator.url}${request.url}`, {
        method: 'POST',
        headers: { authorization: headers.authorization ?? '' },
        body: body as never,
        duplex: 'half',
      } as RequestInit)
        .then(async (reply) =>
          response.writeHead(reply.status, { 'content-type': 'application/json' }).end(await reply.text()),
        )
        .catch(() => response.destroy())
    })
    proxy.listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    closing.push(async () => {
      proxy.closeAllConnections()
      proxy.close()
    })
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    const access = { tokenPath: '/oauth2/token', clientId: 'id', clientSecret: 'secret', header: 'x-proxy-token' }
    const config = { urls: [url], apiKey: 'key', proxy: access }
    const through = createOdooConnector({
      config,
      catalog: odooCatalog,
      log,
      metrics: createMetrics(),
      limits: { baseDelayMs: 1 },
    })
    closing.push(through.close)
    expect((await through.fetch(total, signal)).rows).toEqual([{ 'sum:amount': '310.3' }])
    expect(seen.slice(0, 2)).toEqual(['Bearer t1 bearer key', 'Bearer t2 bearer key'])
    expect(codeOf(await fail(total))).toBe('Error: answered')
  })

  test('is refused at once to an address in the clear', () => {
    const config = { urls: ['http://erp.example.com'], apiKey: 'key' }
    expect(() => createOdooConnector({ config, catalog: odooCatalog, log, metrics: createMetrics() })).toThrow(
      'over https',
    )
  })

  test('goes to the standby when the primary is gone', async () => {
    const standby = await open()
    const urls = ['http://127.0.0.1:1', standby.simulator.url]
    const office = await open({ config: { urls } })
    expect(await office.connector.fetch(total, signal)).toMatchObject({
      source: 'failover',
      rows: [{ 'sum:amount': '310.3' }],
    })
    expect(office.connector.status().state).toBe('failover')
  })
})
