import { describe, expect, test } from 'vitest'
import type { BusinessQuery, RowFilter } from '#catalog'
import { AppError } from '#platform/errors'
import { catalog, november, openSmallErp } from './small-erp-fixture.ts'

const { ask } = openSmallErp()
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
    const { ask: asked, connector } = openSmallErp()
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
    const { ask: asked, connector } = openSmallErp()
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
    expect((await openSmallErp({ aggregate: 'none' }).ask(asked)).totals).toEqual(expected)
    expect((await openSmallErp({ aggregate: 'none' }, { maxRecords: 3 }).ask(asked)).totals).toEqual({ count: 7 })
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
    const { ask: asked, connector } = openSmallErp()
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
