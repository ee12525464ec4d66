import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Catalog, loadCatalog, permitQuery } from '#catalog'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createErp } from '../../create-erp.ts'
import { AggregateUnsupported, type ErpConnector, type GroupSpec, type RecordSpec } from '../../erp-connector.ts'
import { every, type Filter, some } from '../../filter.ts'
import { groupRecords } from '../../group-records.ts'
import { holds } from '../../holds.ts'
import type { Row } from '../../query-answer.ts'
import type { DialectName } from './dialect.ts'
import { serveMockserver } from './mockserver-fixture.ts'
import { createOdataConnector } from './odata-connector.ts'

// Against a server that SAP wrote. What it does not do as OData says (doubled quotes, decimals of V2 with their suffix, distinct
// counts, `compute`, pages of its own) is left to the demo ERP and the simulators.
const { signal } = new AbortController()
let server: Awaited<ReturnType<typeof serveMockserver>>
let all: Row[]

beforeAll(async () => {
  server = await serveMockserver()
  all = server.lines.map(({ Document, Day, Customer, Region, Item, Amount, Quantity, Profit }) => ({
    ...{ invoiceNo: Document, date: Day, customer: Customer, region: Region === '' ? null : Region, item: Item },
    ...{ amount: String(Amount), quantity: String(Quantity), profit: String(Profit) },
  }))
})
afterAll(async () => await server.close())
beforeEach(() => {
  server.seen.length = 0
})

const fields = ['invoiceNo', 'date', 'customer', 'region', 'item', 'amount', 'quantity', 'profit']
const records: RecordSpec = { kind: 'records', entity: 'sales', filter: every([]), fields, orderBy: [], maxRows: 1_000 }
const groups: GroupSpec = { ...records, kind: 'groups', keys: [], aggregates: [{ fn: 'count' }], having: [] }
const isText = (field: string, operator: 'eq' | 'ne', value: string): Filter => {
  return { is: 'comparison', field, operator, right: { type: 'text', value } }
}
const inOrder = (rows: Row[]) => rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort()

function catalogOf(dialect: DialectName): Catalog {
  const catalog = loadCatalog('catalog', 's4hana')
  const sales = {
    ...{
      dialect,
      set: 'SalesItems',
      key: ['Document', 'Position'],
      where: [],
      types: {},
      names: {},
      values: {},
      daysPast: {},
    },
    ...{ absent: ['salesperson', 'department'], also: [] },
    fields: {
      ...{ invoiceNo: 'Document', date: 'Day', customer: 'Customer', item: 'Item', category: 'Category' },
      ...{ region: 'Region', amount: 'Amount', quantity: 'Quantity', profit: 'Profit' },
    },
  }
  return { ...catalog, mapping: { connector: 'odata', dialect, absent: [], entities: { sales } } }
}

function connect(
  dialect: DialectName,
  servicePath: string,
  pageSize?: number,
): { connector: ErpConnector; catalog: Catalog } {
  const catalog = catalogOf(dialect)
  const config = { urls: [server.url], servicePath, user: 'user', password: 'password' }
  const log = createLogger({ level: 'silent', role: 'test' })
  const limits = { attemptMs: 5_000, baseDelayMs: 1, ...(pageSize === undefined ? {} : { pageSize }) }
  return { catalog, connector: createOdataConnector({ config, catalog, log, metrics: createMetrics(), limits }) }
}

describe.each([
  ['s4hana', '/v4/'],
  ['s4hana-v2', '/v2/'],
] as const)('%s against the mock server of SAP', (dialect, path) => {
  let connector: ErpConnector

  beforeAll(() => {
    connector = connect(dialect, path, 50).connector
  })
  afterAll(async () => await connector.close())

  test('all records come, page by page where pages are asked for', async () => {
    const { rows, count, calls } = await connector.fetch(records, signal)
    expect(inOrder(rows)).toEqual(inOrder(all))
    expect(count).toBe(all.length)
    // This server makes no pages of its own in V4; in V2 they are asked for by $skip.
    expect(calls).toBe(dialect === 's4hana' ? 1 : 4)
  })

  test('the first come in order, with how many there are', async () => {
    const orderBy = [{ by: 'amount', descending: true }]
    const { rows, count } = await connector.fetch({ ...records, orderBy, limit: 7 }, signal)
    const amounts = all.map(({ amount }) => Number(amount)).sort((a, b) => b - a)
    expect(rows.map(({ amount }) => Number(amount))).toEqual(amounts.slice(0, 7))
    expect(count).toBe(all.length)
  })

  test.each<[string, Filter]>([
    ['eq', isText('customer', 'eq', '한빛상사')],
    ['ne', isText('customer', 'ne', 'Daon*Corp')],
    ['a number', { is: 'comparison', field: 'amount', operator: 'gte', right: { type: 'number', value: '2500' } }],
    ['a day', { is: 'comparison', field: 'date', operator: 'eq', right: { type: 'date', value: '2026-10-10' } }],
    ['days', { is: 'comparison', field: 'date', operator: 'lt', right: { type: 'date', value: '2026-10-10' } }],
    ['contains', { is: 'contains', field: 'item', text: '50%' }],
    ['or', some([isText('customer', 'eq', '한빛상사'), isText('item', 'eq', 'A*B 밸브')])],
    [
      'or beside and',
      every([some([isText('region', 'eq', '11'), isText('item', 'eq', 'x')]), isText('item', 'ne', '볼베어링')]),
    ],
    ['another field', { is: 'comparison', field: 'profit', operator: 'lt', right: { field: 'quantity' } }],
  ])('filters by %s', async (name, filter) => {
    if (name === 'a number' && dialect === 's4hana-v2') return
    const expected = all.filter((row) => holds(filter, row))
    expect(expected.length).toBeGreaterThan(0)
    expect(inOrder((await connector.fetch({ ...records, filter }, signal)).rows)).toEqual(inOrder(expected))
  })
})

describe('$apply against the mock server of SAP', () => {
  let connector: ErpConnector
  let catalog: Catalog

  beforeAll(() => {
    ;({ connector, catalog } = connect('s4hana', '/v4/'))
  })
  afterAll(async () => await connector.close())

  test.each<[string, Partial<GroupSpec>]>([
    ['everything', { aggregates: [{ fn: 'count' }, { fn: 'sum', field: 'amount' }, { fn: 'max', field: 'amount' }] }],
    ['a field', { keys: [{ field: 'customer' }], aggregates: [{ fn: 'sum', field: 'amount' }, { fn: 'count' }] }],
    ['two fields', { keys: [{ field: 'region' }, { field: 'item' }], aggregates: [{ fn: 'sum', field: 'profit' }] }],
    ['a day', { keys: [{ field: 'date' }], aggregates: [{ fn: 'min', field: 'amount' }] }],
    ['a field, of some records', { keys: [{ field: 'item' }], filter: isText('customer', 'eq', '한빛상사') }],
  ])('groups by %s', async (_, part) => {
    const spec = { ...groups, ...part }
    const { rows } = await connector.fetch(spec, signal)
    expect(inOrder(rows)).toEqual(
      inOrder(
        groupRecords(
          all.filter((row) => holds(spec.filter, row)),
          spec,
        ),
      ),
    )
    expect(server.seen.every(({ searchParams }) => searchParams.has('$apply'))).toBe(true)
  })

  test('tests, orders and cuts groups', async () => {
    const aggregates: GroupSpec['aggregates'] = [{ fn: 'sum', field: 'amount' }, { fn: 'count' }]
    const spec: GroupSpec = {
      ...groups,
      keys: [{ field: 'item' }],
      aggregates,
      having: [{ left: { fn: 'sum', field: 'amount' }, operator: 'gt', right: '60000' }],
      orderBy: [{ by: 'sum:amount', descending: true }],
      limit: 2,
    }
    const { rows } = await connector.fetch(spec, signal)
    const sums = groupRecords(all, spec)
      .map((row) => Number(row['sum:amount']))
      .filter((sum) => sum > 60_000)
    expect(sums.length).toBeGreaterThan(2)
    expect(rows.map((row) => Number(row['sum:amount']))).toEqual(sums.sort((a, b) => b - a).slice(0, 2))
  })

  test('parts of dates are left to whoever asks; distinct counts that are none are not shown', async () => {
    const month: GroupSpec = { ...groups, keys: [{ field: 'date', part: 'month' }] }
    await expect(connector.fetch(month, signal)).rejects.toBeInstanceOf(AggregateUnsupported)
    const distinct: GroupSpec = { ...groups, aggregates: [{ fn: 'distinct', field: 'invoiceNo' }] }
    await expect(connector.fetch(distinct, signal)).rejects.toMatchObject({ spec: { code: 'ERP_BAD_REPLY' } })
  })

  test('a question is answered: sales by month and their first three customers', async () => {
    const erp = createErp({ connector, catalog, log: createLogger({ level: 'silent', role: 'test' }) })
    const ask = (query: Parameters<typeof permitQuery>[0]) =>
      erp.answerQuery(permitQuery(query, 'all', 'tester'), signal)
    const sum = (rows: Row[]) => String(rows.reduce((total, { amount }) => total + Number(amount), 0))
    const top = await ask({
      entity: 'sales',
      measures: ['amount'],
      groupBy: ['customer'],
      orderBy: [['amount', 'desc']],
      limit: 3,
    })
    expect(top.totals.amount).toBe(sum(all))
    expect(top.completeness).toEqual({ kind: 'first', of: 4 })
    const months = await ask({ entity: 'sales', measures: ['amount'], groupBy: ['date:month'] })
    const september = all.filter(({ date }) => String(date) < '2026-10-01')
    expect(months.rows.find((row) => row['date:month'] === '2026-09-01')?.amount).toBe(sum(september))
  })
})
