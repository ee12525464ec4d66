import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type BusinessQuery, loadCatalog, permitQuery, type RowFilter } from '#catalog'
import { AppError } from '#platform/errors'
import { createLogger } from '#platform/log'
import { createErp } from './create-erp.ts'
import { createMemoryConnector } from './memory-connector-fixture.ts'
import type { Row } from './query-answer.ts'

const catalog = loadCatalog(join(import.meta.dirname, '../../catalog'), 'demo-odata')
const log = createLogger({ level: 'silent', role: 'test' })
const now = () => new Date('2026-11-23T03:00:00Z')

const sale = (date: string, customer: string, amount: string, profit = '0', region = 'Seoul'): Row => ({
  ...{ date, customer, amount, profit, region, quantity: '1', item: 'A', invoiceNo: `INV-${date}`, salesperson: 'Kim' },
  ...{ category: 'Bearing', department: 'Sales' },
})
const tables = {
  sales: [
    sale('2026-11-02', 'Hanbit', '100.10', '10'),
    sale('2026-11-03', 'Hanbit', '200.20', '30'),
    sale('2026-11-20', 'Saeron', '0.30', '-0.1', 'Busan'),
    sale('2026-11-20', 'Daon', '50', '25', 'Busan'),
    sale('2026-10-05', 'Hanbit', '40', '4'),
    sale('2026-10-31', 'Daon', '10', '1', 'Busan'),
    sale('2025-11-11', 'Hanbit', '7', '1'),
  ],
  stock: [
    { item: 'Bearing', warehouse: 'Seoul', quantity: '5', safetyStock: '10', value: '50', category: 'Part' },
    { item: 'Bearing', warehouse: 'Busan', quantity: '20', safetyStock: '10', value: '200', category: 'Part' },
    { item: 'Valve', warehouse: 'Seoul', quantity: '1', safetyStock: '4', value: '9007199254740993', category: 'Part' },
  ],
  budget: [
    { department: 'Sales', account: 'Travel', date: '2026-11-01', budget: '100', actual: '90', remaining: '10' },
    { department: 'Sales', account: 'Meals', date: '2026-11-01', budget: '300', actual: '60', remaining: '240' },
    { department: 'IT', account: 'Travel', date: '2026-11-01', budget: '0', actual: '0', remaining: '0' },
  ],
  employee: [
    {
      name: 'Kim',
      department: 'Sales',
      title: 'Manager',
      phone: '010',
      email: 'k@x',
      hireDate: '2020-01-01',
      employeeNo: 'E1',
    },
  ],
}

const november = { field: 'date', from: '2026-11-01', to: '2026-11-30' }

function open(options: Partial<Parameters<typeof createMemoryConnector>[0]> = {}, budget = {}) {
  const connector = createMemoryConnector({ tables, ...options })
  const erp = createErp({ connector, catalog, log, now, budget })
  const ask = (query: BusinessQuery, rows: RowFilter = 'all') =>
    erp.answerQuery(permitQuery(query, rows, 'tester'), new AbortController().signal)
  return { ask, connector, erp }
}

const { ask } = open()
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error: unknown) => (error instanceof AppError ? error.spec.code : error),
  )

describe('totals', () => {
  test('a sum without a grouping is one row, exact', async () => {
    const answer = await ask({ entity: 'sales', measures: ['amount', 'count'], period: november })
    expect(answer.rows).toEqual([{ amount: '350.6', count: 4 }])
    expect(answer.totals).toEqual({ amount: '350.6', count: 4 })
    expect(answer.columns).toEqual([
      { name: 'amount', role: 'measure', type: 'money' },
      { name: 'count', role: 'measure', type: 'count' },
    ])
    expect(answer).toMatchObject({
      source: 'live',
      asOf: '2026-11-23T05:00:00.000Z',
      completeness: { kind: 'complete' },
    })
  })

  test('sums beyond the reach of a binary float keep every digit', async () => {
    expect((await ask({ entity: 'stock', measures: ['value'] })).rows).toEqual([{ value: '9007199254741243' }])
  })

  test('nothing found is zero, and has no average, maximum or rate', async () => {
    const query = { entity: 'sales', measures: ['amount', 'count', 'avg:amount', 'max:amount', 'marginRate'] }
    const answer = await ask({ ...query, where: [['customer', 'eq', 'Nobody']] })
    expect(answer.rows).toEqual([{ amount: '0', count: 0, 'avg:amount': null, 'max:amount': null, marginRate: null }])
  })

  test('averages, extremes and rates come from the sums', async () => {
    const answer = await ask({
      entity: 'sales',
      measures: ['avg:amount', 'max:amount', 'min:amount', 'marginRate'],
      period: november,
    })
    expect(answer.rows).toEqual([
      { 'avg:amount': '87.65', 'max:amount': '200.2', 'min:amount': '0.3', marginRate: '18.5111237878' },
    ])
  })
})

describe('groups', () => {
  test('come from the largest down, with the whole total', async () => {
    const answer = await ask({ entity: 'sales', measures: ['amount'], groupBy: ['customer'], period: november })
    expect(answer.rows).toEqual([
      { customer: 'Hanbit', amount: '300.3' },
      { customer: 'Daon', amount: '50' },
      { customer: 'Saeron', amount: '0.3' },
    ])
    expect(answer.totals).toEqual({ amount: '350.6' })
  })

  test('a top 1 is cut by the ERP, and still has the total of everything', async () => {
    const { ask: asked, connector } = open()
    const answer = await asked({
      entity: 'sales',
      measures: ['amount'],
      groupBy: ['customer'],
      orderBy: [['amount', 'desc']],
      limit: 1,
    })
    expect(answer.rows).toEqual([{ customer: 'Hanbit', amount: '347.3' }])
    expect(answer.totals).toEqual({ amount: '407.6' })
    expect(answer.completeness).toEqual({ kind: 'first', of: 3 })
    expect(connector.asked[0]).toMatchObject({
      limit: 1,
      orderBy: [{ by: 'sum:amount', descending: true }, { by: 'customer' }],
    })
  })

  test('a top 1 by a rate is cut here, after all groups are there', async () => {
    const { ask: asked, connector } = open()
    const answer = await asked({
      entity: 'sales',
      measures: ['marginRate'],
      groupBy: ['customer'],
      orderBy: [['marginRate', 'desc']],
      limit: 1,
    })
    expect(answer.rows).toEqual([{ customer: 'Daon', marginRate: '43.3333333333' }])
    expect(answer.completeness).toEqual({ kind: 'first', of: 3 })
    expect(connector.asked.every((spec) => spec.limit === undefined)).toBe(true)
  })

  test('a condition on a measure tests the group, and the total is of the groups that pass', async () => {
    const query: BusinessQuery = {
      entity: 'sales',
      measures: ['amount'],
      groupBy: ['customer'],
      where: [['amount', 'gte', 60]],
    }
    const answer = await ask(query)
    expect(answer.rows.map((row) => row.customer)).toEqual(['Hanbit', 'Daon'])
    expect(answer.totals).toEqual({ amount: '407.3' })
  })

  test('a condition between two measures compares the groups’ sums', async () => {
    const where: BusinessQuery['where'] = [['quantity', 'lt', 'safetyStock']]
    const grouped = await ask({ entity: 'stock', measures: ['quantity'], groupBy: ['item'], where })
    expect(grouped.rows).toEqual([{ item: 'Valve', quantity: '1' }])
    const records = await ask({ entity: 'stock', measures: ['count'], where })
    expect(records.rows).toEqual([{ count: 2 }])
  })

  test('a share is of the whole, also when one of the compared is chosen', async () => {
    const query: BusinessQuery = {
      entity: 'sales',
      measures: ['share:amount'],
      groupBy: ['region'],
      period: { field: 'date', from: '2026-10-01', to: '2026-10-31' },
    }
    expect((await ask(query)).rows).toEqual([
      { region: 'Seoul', 'share:amount': '80' },
      { region: 'Busan', 'share:amount': '20' },
    ])
    const chosen = await ask({ ...query, where: [['region', 'eq', 'Busan']] })
    expect(chosen.rows).toEqual([{ region: 'Busan', 'share:amount': '20' }])
    expect(chosen.totals).toEqual({ 'share:amount': '20' })
  })

  test('without measures are the distinct values', async () => {
    const answer = await ask({ entity: 'stock', measures: [], groupBy: ['warehouse'] })
    expect(answer.rows).toEqual([{ warehouse: 'Busan' }, { warehouse: 'Seoul' }])
  })

  test('an order by what is not grouped is refused', async () => {
    expect(
      await codeOf(ask({ entity: 'sales', measures: ['amount'], groupBy: ['customer'], orderBy: [['region', 'asc']] })),
    ).toBe('QUERY_INVALID')
  })
})

describe('time', () => {
  const series = (grain: string, period?: BusinessQuery['period']) =>
    ask({ entity: 'sales', measures: ['amount'], groupBy: [`date:${grain}`], ...(period ? { period } : {}) })

  test.each(['server', 'none', 'pretends'] as const)(
    'weeks and quarters are folded, gaps filled up to today (%s)',
    async (aggregate) => {
      const { ask: asked } = open({ aggregate })
      const weeks = await asked({
        entity: 'sales',
        measures: ['amount', 'max:amount'],
        groupBy: ['date:week'],
        period: november,
      })
      expect(weeks.rows).toEqual([
        { 'date:week': '2026-10-26', amount: '0', 'max:amount': null },
        { 'date:week': '2026-11-02', amount: '300.3', 'max:amount': '200.2' },
        { 'date:week': '2026-11-09', amount: '0', 'max:amount': null },
        { 'date:week': '2026-11-16', amount: '50.3', 'max:amount': '50' },
        { 'date:week': '2026-11-23', amount: '0', 'max:amount': null },
      ])
      const quarters = await asked({ entity: 'sales', measures: ['amount'], groupBy: ['date:quarter'] })
      expect(quarters.rows.map((row) => Object.values(row))).toEqual([
        ['2025-10-01', '7'],
        ['2026-01-01', '0'],
        ['2026-04-01', '0'],
        ['2026-07-01', '0'],
        ['2026-10-01', '400.6'],
      ])
    },
  )

  test('months are the ERP’s, in order', async () => {
    expect((await series('month', { field: 'date', from: '2026-09-01', to: '2026-12-31' })).rows).toEqual([
      { 'date:month': '2026-09-01', amount: '0' },
      { 'date:month': '2026-10-01', amount: '50' },
      { 'date:month': '2026-11-01', amount: '350.6' },
    ])
  })

  test('months are folded from days where the ERP cannot take a date apart', async () => {
    const { ask: asked, connector } = open({ dateParts: [] })
    const answer = await asked({ entity: 'sales', measures: ['count'], groupBy: ['date:month'], period: november })
    expect(answer.rows).toEqual([{ 'date:month': '2026-11-01', count: 4 }])
    expect(connector.asked[0]).toMatchObject({ keys: [{ field: 'date' }] })
  })

  test('a limit that cuts nothing takes nothing away', async () => {
    const { ask: asked, connector } = open()
    const query: BusinessQuery = { entity: 'sales', measures: ['amount'], groupBy: ['date:month'], limit: 50_000 }
    const answer = await asked({ ...query, period: { field: 'date', from: '2026-09-01', to: '2026-11-30' } })
    expect(answer.rows.map((row) => row['date:month'])).toEqual(['2026-09-01', '2026-10-01', '2026-11-01'])
    expect(answer.completeness).toEqual({ kind: 'complete' })
    expect(connector.asked).toHaveLength(1)
  })

  test('nothing found stays empty', async () => {
    expect((await series('month', { field: 'date', from: '2024-01-01', to: '2024-12-31' })).rows).toEqual([])
  })

  test('the lowest of a list is one that happened', async () => {
    const answer = await ask({
      entity: 'sales',
      measures: ['amount'],
      groupBy: ['date:month'],
      orderBy: [['amount', 'asc']],
      limit: 1,
    })
    expect(answer.rows).toEqual([{ 'date:month': '2025-11-01', amount: '7' }])
    expect(answer.completeness).toEqual({ kind: 'first', of: 3 })
  })
})

describe('comparison', () => {
  test('a month is compared with the month before and the year before', async () => {
    const query: BusinessQuery = {
      entity: 'sales',
      measures: ['amount'],
      period: november,
      compareTo: 'previousPeriod',
    }
    expect((await ask(query)).previous).toEqual({
      from: '2026-10-01',
      to: '2026-10-31',
      rows: [{ amount: '50' }],
      totals: { amount: '50' },
    })
    const year = await ask({ ...query, compareTo: 'previousYear' })
    expect(year.previous).toMatchObject({ from: '2025-11-01', to: '2025-11-30', totals: { amount: '7' } })
  })

  test('a top 1 is compared with the same one, whatever its rank was', async () => {
    const query: BusinessQuery = {
      entity: 'sales',
      measures: ['amount'],
      groupBy: ['customer'],
      period: november,
      compareTo: 'previousPeriod',
    }
    const answer = await ask({ ...query, orderBy: [['amount', 'asc']], limit: 2 })
    expect(answer.rows.map((row) => row.customer)).toEqual(['Saeron', 'Daon'])
    expect(answer.previous).toMatchObject({ rows: [{ customer: 'Daon', amount: '10' }], totals: { amount: '50' } })
  })

  test('groups that pass a condition are compared with themselves', async () => {
    const query: BusinessQuery = {
      entity: 'sales',
      measures: ['amount'],
      groupBy: ['customer'],
      where: [['amount', 'gt', 100]],
      period: november,
    }
    const answer = await ask({ ...query, compareTo: 'previousPeriod' })
    expect(answer.previous).toMatchObject({ rows: [{ customer: 'Hanbit', amount: '40' }], totals: { amount: '40' } })
  })

  test('those who are gone are in the earlier rows when nothing is cut', async () => {
    const period = { field: 'date', from: '2026-11-04', to: '2026-11-30' }
    const query: BusinessQuery = { entity: 'sales', measures: ['amount'], groupBy: ['customer'], period, limit: 10 }
    const answer = await ask({ ...query, compareTo: 'previousPeriod' })
    expect(answer.rows.map((row) => row.customer)).toEqual(['Daon', 'Saeron'])
    expect(answer.previous?.rows.map((row) => row.customer)).toEqual(['Hanbit', 'Daon'])
  })

  test('a question without a beginning has nothing before it', async () => {
    expect((await ask({ entity: 'sales', measures: ['amount'], compareTo: 'previousPeriod' })).previous).toBeUndefined()
  })
})

describe('records', () => {
  test('are newest first, with count and sums over all of them', async () => {
    const answer = await ask({ entity: 'sales', measures: [], limit: 2 })
    expect(answer.rows).toHaveLength(2)
    expect(answer.rows[0]).toMatchObject({ date: '2026-11-20' })
    expect(answer.columns.map(({ name }) => name)).toEqual(catalog.entities.sales?.columns)
    expect(answer.totals).toEqual({ count: 7, amount: '407.6', quantity: '7', profit: '70.9' })
    expect(answer.completeness).toEqual({ kind: 'first', of: 7 })
  })

  test('have the same totals from an ERP that cannot sum, and none beyond the budget', async () => {
    const asked = { entity: 'sales', measures: [], limit: 2 }
    const expected = (await ask(asked)).totals
    expect((await open({ aggregate: 'none' }).ask(asked)).totals).toEqual(expected)
    expect((await open({ aggregate: 'none' }, { maxRecords: 3 }).ask(asked)).totals).toEqual({ count: 7 })
  })

  test('show what was selected beside what it is of', async () => {
    const answer = await ask({ entity: 'employee', measures: [], where: [['name', 'eq', 'Kim']], select: ['phone'] })
    expect(answer.rows).toEqual([{ name: 'Kim', phone: '010' }])
    expect(answer.totals).toEqual({ count: 1 })
  })

  test('a rate is worked out, tested and sorted by for each record', async () => {
    const query: BusinessQuery = {
      entity: 'budget',
      measures: [],
      where: [['rate', 'gte', 20]],
      orderBy: [['rate', 'desc']],
      select: ['rate'],
    }
    const answer = await ask(query)
    expect(answer.rows).toEqual([
      { department: 'Sales', rate: '90' },
      { department: 'Sales', rate: '20' },
    ])
    expect(answer.totals).toEqual({ count: 2, rate: '37.5' })
    const sum = await ask({ entity: 'budget', measures: ['rate'], where: [['rate', 'gt', 50]] })
    expect(sum.rows).toEqual([{ rate: '90' }])
  })
})

describe('row rules', () => {
  const own: RowFilter = [[['customer', 'eq', 'Daon']]]

  test('narrow rows, totals, shares and the earlier period alike', async () => {
    const query: BusinessQuery = {
      entity: 'sales',
      measures: ['amount', 'share:amount'],
      groupBy: ['customer'],
      period: november,
      compareTo: 'previousPeriod',
      limit: 1,
    }
    const answer = await ask(query, own)
    expect(answer.rows).toEqual([{ customer: 'Daon', amount: '50', 'share:amount': '100' }])
    expect(answer.totals).toEqual({ amount: '50', 'share:amount': '100' })
    expect(answer.previous).toMatchObject({ rows: [{ customer: 'Daon', amount: '10' }], totals: { amount: '10' } })
  })

  test('cannot be widened by the question’s own choice', async () => {
    const answer = await ask(
      { entity: 'sales', measures: ['amount'], where: [['customer', 'in', ['Hanbit', 'Daon']]] },
      own,
    )
    expect(answer.rows).toEqual([{ amount: '60' }])
  })

  test('without any rule nothing is shown, and nothing asked', async () => {
    const { ask: asked, connector } = open()
    expect((await asked({ entity: 'sales', measures: ['amount'] }, [])).rows).toEqual([{ amount: '0' }])
    expect((await asked({ entity: 'sales', measures: [] }, [])).rows).toEqual([])
    expect(connector.asked).toEqual([])
  })
})

test.each<[string, BusinessQuery]>([
  ['an unknown entity', { entity: 'payroll', measures: [] }],
  ['an entity of Object’s own', { entity: 'constructor', measures: [] }],
  ['an unknown measure', { entity: 'sales', measures: ['salary'] }],
  ['an unknown group', { entity: 'sales', measures: [], groupBy: ['__proto__'] }],
  ['a sum of names', { entity: 'sales', measures: ['customer'] }],
  ['a month of a name', { entity: 'sales', measures: [], groupBy: ['customer:month'] }],
  ['an unknown condition', { entity: 'sales', measures: [], where: [['nope', 'eq', 'x']] }],
  ['a text for a number', { entity: 'sales', measures: [], where: [['amount', 'gt', '1 or 1 eq 1']] }],
  ['a text for a date', { entity: 'sales', measures: [], where: [['date', 'lt', '2026-02-30']] }],
  ['a placeholder nobody resolved', { entity: 'sales', measures: [], where: [['salesperson', 'eq', '@me']] }],
  ['an extreme of a rate', { entity: 'sales', measures: ['max:marginRate'] }],
  [
    'a period that ends before it begins',
    { entity: 'sales', measures: [], period: { field: 'date', from: '2026-02-01', to: '2026-01-01' } },
  ],
  ['a period of a name', { entity: 'sales', measures: [], period: { field: 'customer', from: '2026-02-01' } }],
])('%s is refused', async (_, query) => {
  expect(await codeOf(ask(query))).toBe('QUERY_INVALID')
})
