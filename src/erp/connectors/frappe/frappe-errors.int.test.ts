import { Writable } from 'node:stream'
import { afterEach, describe, expect, test } from 'vitest'
import { permitQuery } from '#catalog'
import { AppError } from '#platform/errors'
import { createLogger } from '#platform/log'
import { createErp } from '../../create-erp.ts'
import { AggregateUnsupported, type GroupSpec, type RecordSpec } from '../../erp-connector.ts'
import { reasonOf } from '../../failure-reason.ts'
import { every } from '../../filter.ts'
import { errorReply, type Reply, simulatorAccess } from './frappe-simulator-fixture.ts'
import { catalog, openFrappe } from './open-frappe-fixture.ts'
import { FrappeError } from './simulator-model-fixture.ts'

let site: Awaited<ReturnType<typeof openFrappe>>
afterEach(async () => await site.close())

const { signal } = new AbortController()
const records: RecordSpec = {
  kind: 'records',
  entity: 'customer',
  filter: every([]),
  fields: ['name', 'bizNo', 'phone'],
  orderBy: [],
  maxRows: 100,
}
const total: GroupSpec = {
  kind: 'groups',
  entity: 'sales',
  filter: every([]),
  keys: [{ field: 'customer' }],
  aggregates: [{ fn: 'sum', field: 'amount' }],
  having: [],
  orderBy: [],
  maxRows: 100,
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error: unknown) => (error instanceof AppError ? error.spec.code : error),
  )
const secret = '비밀 거래처 780101-1234567'
const raised = (status: number, type: string): Reply => errorReply(new FrappeError(status, type, secret))
const html = (status: number): Reply => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: `<pre>${secret}</pre>`,
})

describe('an error', () => {
  test.each<[string, Reply | 'drop', string, number]>([
    ['that permission is lacking', raised(403, 'PermissionError'), 'ERP_REFUSED', 1],
    ['that the key is wrong', raised(401, 'AuthenticationError'), 'ERP_REFUSED', 1],
    ['that there is no such document type', raised(404, 'DoesNotExistError'), 'NOT_IN_ERP', 1],
    ['that the field is not there', raised(417, 'DataError'), 'ERP_BAD_REPLY', 1],
    ['of the database, for a column it does not know', raised(500, 'OperationalError'), 'ERP_BAD_REPLY', 1],
    ['of a deadlock', raised(500, 'QueryDeadlockError'), 'ERP_UNAVAILABLE', 4],
    ['as a page', html(500), 'ERP_UNAVAILABLE', 4],
    ['as a page that says it worked', html(200), 'ERP_BAD_REPLY', 4],
    ['inside 200', { ...raised(403, 'PermissionError'), status: 200 }, 'ERP_REFUSED', 1],
    ['inside 200, of its own kind', { status: 200, body: `{"exc":"[\\"${secret}\\"]"}` }, 'ERP_BAD_REPLY', 1],
    [
      'in the words of the second API',
      { status: 200, body: '{"errors":[{"type":"PermissionError"}]}' },
      'ERP_REFUSED',
      1,
    ],
    ['that is no list', { status: 200, body: '{"message":"pong"}' }, 'ERP_BAD_REPLY', 4],
    ['while it is updated', raised(503, 'SessionStopped'), 'ERP_UNAVAILABLE', 4],
    ['without words', 'drop', 'ERP_UNAVAILABLE', 4],
  ])('%s is told as ours, after no more attempts than help', async (_, reply, code, attempts) => {
    site = await openFrappe('16.36.1')
    const { connector } = site.connect()
    await connector.fetch(records, signal)
    const before = site.simulator.requests.length
    // The list itself; its count is left alone.
    site.simulator.state.intercept = ({ params }) => (params.get('fields')?.includes('COUNT') ? undefined : reply)
    expect(await codeOf(connector.fetch(records, signal))).toBe(code)
    const asked = site.simulator.requests.slice(before).filter(({ params }) => !params.get('fields')?.includes('COUNT'))
    expect(asked).toHaveLength(attempts)
  })

  test.each([
    raised(403, 'PermissionError'),
    raised(500, 'OperationalError'),
    raised(417, 'ValidationError'),
    html(500),
  ])('quotes nothing of the ERP to people or logs', async (reply) => {
    site = await openFrappe('15.121.3')
    const lines: string[] = []
    const destination = new Writable({ write: (chunk, _, done) => done(void lines.push(String(chunk))) })
    const log = createLogger({ level: 'debug', role: 'test', destination })
    const { connector } = site.connect()
    site.simulator.state.intercept = ({ path }) => (path.startsWith('/api/resource') ? reply : undefined)
    const erp = createErp({ connector, catalog, log })
    const query = permitQuery({ entity: 'customer', measures: ['count'], groupBy: ['region'] }, 'all', 'tester')
    const error = await erp.answerQuery(query, signal).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(AppError)
    const told = [(error as AppError).sentence('ko'), JSON.stringify(error), reasonOf(error), ...lines].join('\n')
    expect(told).not.toMatch(/비밀|780101|Traceback|frappe\.exceptions/)
    expect(lines.length).toBeGreaterThan(0)
  })

  test('of a reader who lacks one document type says nothing of others', async () => {
    site = await openFrappe('16.36.1')
    site.simulator.state.forbidden = ['Customer']
    const { connector } = site.connect()
    expect(await codeOf(connector.fetch(records, signal))).toBe('ERP_REFUSED')
    expect(await codeOf(connector.fetch(total, signal))).toBe('answered')
  })
})

describe('too many requests', () => {
  test.each<[string, Record<string, string>, string]>([
    ['wait as long as they are told', { 'retry-after': '0' }, 'answered'],
    ['wait until the window ends', { 'x-ratelimit-reset': '0', 'x-ratelimit-remaining': '0' }, 'answered'],
    ['are told when that is too long', { 'retry-after': '3600' }, 'ERP_RATE_LIMITED'],
  ])('%s', async (_, headers, expected) => {
    site = await openFrappe('16.36.1')
    let refused = false
    site.simulator.state.intercept = () => {
      if (refused) return undefined
      refused = true
      return { ...raised(429, 'TooManyRequestsError'), headers }
    }
    expect(await codeOf(site.connect().connector.fetch(records, signal))).toBe(expected)
  })
})

describe('signing in', () => {
  const { clientId, clientSecret } = simulatorAccess
  const tokenPath = '/api/method/frappe.integrations.oauth2.get_token'
  const authorizations = () => new Set(site.simulator.lists().map(({ authorization }) => authorization))

  test('goes by an API key', async () => {
    site = await openFrappe('16.36.1')
    await site.connect().connector.fetch(records, signal)
    expect([...authorizations()]).toEqual(['token key:secret'])
  })

  test('goes by tokens for a refresh token, and again when one is revoked', async () => {
    site = await openFrappe('16.36.1')
    const { connector } = site.connect({ access: { clientId, clientSecret, refreshToken: 'refresh-0', tokenPath } })
    await connector.fetch(records, signal)
    site.simulator.state.accessTokens.delete('access-1')
    site.simulator.state.accessTokens.add('other')
    expect((await connector.fetch(records, signal)).rows).toHaveLength(1)
    expect([...authorizations()]).toEqual(['Bearer access-1', 'Bearer access-2'])
  })

  test('goes by client credentials where a provider gives tokens for them, which Frappe itself does not', async () => {
    site = await openFrappe('16.36.1')
    const { connector } = site.connect({ access: { clientId, clientSecret, tokenPath } })
    expect(await codeOf(connector.fetch(records, signal))).toBe('ERP_REFUSED')
    site.simulator.state.givesClientCredentials = true
    expect(await codeOf(connector.fetch(records, signal))).toBe('answered')
  })

  test('with a wrong key is refused at once', async () => {
    site = await openFrappe('16.36.1')
    const { connector } = site.connect({ access: { apiKey: 'key', apiSecret: 'wrong' } })
    expect(await codeOf(connector.fetch(records, signal))).toBe('ERP_REFUSED')
  })
})

describe('the version', () => {
  const asked = () => site.simulator.requests.filter(({ path }) => path.endsWith('get_versions')).length
  const isObject = () => site.simulator.lists().map(({ params }) => params.get('fields')?.includes('{') ?? false)

  test.each(['15.121.3', '16.36.1'])('%s is found once, and its syntax used', async (version) => {
    site = await openFrappe(version)
    const { connector } = site.connect()
    await Promise.all([connector.fetch(total, signal), connector.fetch(total, signal)])
    await connector.fetch(total, signal)
    expect(asked()).toBe(1)
    expect(new Set(isObject())).toEqual(new Set([version.startsWith('16')]))
    expect(connector.capabilities().dateParts).toEqual(version.startsWith('16') ? ['year', 'month'] : [])
  })

  test.each(['15.121.3', '16.36.1'])(
    '%s is learnt from a refusal where versions may not be asked for',
    async (version) => {
      site = await openFrappe(version)
      site.simulator.state.versionsForbidden = true
      const { connector } = site.connect()
      const { rows } = await connector.fetch(total, signal)
      expect(rows).toHaveLength(4)
      expect(new Set(isObject().slice(-1))).toEqual(new Set([version.startsWith('16')]))
    },
  )

  test.each([
    ['15.121.3', '16.36.1'],
    ['16.36.1', '15.121.3'],
  ])('that becomes another while we run is learnt anew: %s to %s', async (from, to) => {
    site = await openFrappe(from)
    const { connector } = site.connect()
    const before = await connector.fetch(total, signal)
    site.simulator.state.version = to
    expect((await connector.fetch(total, signal)).rows).toEqual(before.rows)
    expect((await connector.fetch(total, signal)).rows).toEqual(before.rows)
    expect(isObject().at(-1)).toBe(to.startsWith('16'))
    expect(connector.capabilities().dateParts).toHaveLength(to.startsWith('16') ? 2 : 0)
  })

  test('in the middle of a fetch does not mix anything up', async () => {
    site = await openFrappe('15.121.3')
    const { connector } = site.connect({ limits: { pageSize: 50 } })
    const { state } = site.simulator
    const spec: RecordSpec = { ...records, entity: 'sales', fields: ['invoiceNo', 'amount'], maxRows: 1_000 }
    const before = await connector.fetch(spec, signal)
    state.intercept = ({ params }) => {
      if (params.get('limit_start') === '100') state.version = '16.36.1'
      return undefined
    }
    expect((await connector.fetch(spec, signal)).rows).toEqual(before.rows)
    expect(state.version).toBe('16.36.1')
  })

  test('with months that turns into one without leaves them to the records', async () => {
    site = await openFrappe('15.121.3')
    const { connector } = site.connect()
    const monthly: GroupSpec = { ...total, keys: [{ field: 'date', part: 'month' }] }
    await expect(connector.fetch(monthly, signal)).rejects.toBeInstanceOf(AggregateUnsupported)
  })
})

test('empty texts are nothing, and what the ERP wrote in a number stays', async () => {
  site = await openFrappe('15.121.3')
  const { connector } = site.connect()
  expect((await connector.fetch(records, signal)).rows).toEqual([{ name: '한빛상사', bizNo: null, phone: null }])
  site.simulator.state.intercept = ({ params }) =>
    params.get('fields')?.includes('count(')
      ? { status: 200, body: '{"data":[{"record_count":1}]}' }
      : { status: 200, body: '{"data":[{"name":"x","outstanding_amount":12345678901234.10}]}' }
  const { rows } = await connector.fetch({ ...records, entity: 'receivable', fields: ['balance'] }, signal)
  expect(rows).toEqual([{ balance: '12345678901234.1' }])
})

test('another server goes on when the first is gone, whatever version it runs', async () => {
  site = await openFrappe('15.121.3')
  const other = await openFrappe('16.36.1')
  const { connector } = site.connect({ urls: ['http://127.0.0.1:1', other.simulator.url] })
  expect(await connector.fetch(total, signal)).toMatchObject({ source: 'failover', count: 4 })
  await other.close()
  expect(await codeOf(connector.fetch(total, signal))).toBe('ERP_UNAVAILABLE')
})
