import { describe, expect, test } from 'vitest'
import { type BusinessQuery, permitQuery } from '#catalog'
import type { createMemoryConnector } from './memory-connector-fixture.ts'
import { openSmallErp } from './small-erp-fixture.ts'

// Three orders on seven lines, one line without an order. Figures are worked out by hand from small-erp-fixture.ts.
const erps = {
  'counts at the ERP': {},
  'counts here, grouped by the ERP': { countDistinct: false },
  'counts here, over records': { aggregate: 'none' },
  'finds out that the ERP cannot': { aggregate: 'pretends' },
} satisfies Record<string, Partial<Parameters<typeof createMemoryConnector>[0]>>

describe.each(Object.entries(erps))('count of orders: %s', (_, options) => {
  const { ask } = openSmallErp(options)
  const orders = (more: Partial<BusinessQuery>) => ask({ entity: 'salesOrder', measures: ['count'], ...more })

  test('in all, and of those that fit', async () => {
    expect(await orders({})).toMatchObject({ rows: [{ count: 3 }], totals: { count: 3 } })
    expect((await orders({ where: [['status', 'eq', 'open']] })).rows).toEqual([{ count: 1 }])
    expect((await orders({ where: [['customer', 'eq', 'Nobody']] })).rows).toEqual([{ count: 0 }])
    expect((await orders({ where: [['customer', 'eq', 'Daon']] })).rows).toEqual([{ count: 0 }])
  })

  test('by item: an order of two items is one order of each, and one of the total', async () => {
    const answer = await orders({ measures: ['count', 'amount', 'avg:amount'], groupBy: ['item'] })
    expect(answer.rows).toEqual([
      { item: 'A', count: 2, amount: '25', 'avg:amount': '6.25' },
      { item: 'B', count: 2, amount: '121', 'avg:amount': '40.3333333333' },
    ])
    expect(answer.totals).toEqual({ count: 3, amount: '146', 'avg:amount': '20.8571428571' })
  })

  test('the customer with the most, out of all', async () => {
    const answer = await orders({ groupBy: ['customer'], orderBy: [['count', 'desc']], limit: 1 })
    expect(answer).toMatchObject({
      rows: [{ customer: 'Hanbit', count: 2 }],
      totals: { count: 3 },
      completeness: { kind: 'first', of: 3 },
    })
    const unshown = await orders({ measures: ['amount'], groupBy: ['customer'], orderBy: [['count', 'asc']] })
    expect(unshown.rows.map((row) => row.customer)).toEqual(['Daon', 'Saeron', 'Hanbit'])
  })

  test('by day, week, month and quarter: an order due in several is one order of each', async () => {
    const series = async (grain: string) => (await orders({ groupBy: [`dueDate:${grain}`] })).rows.map(Object.values)
    expect((await series('day')).filter(([, count]) => count !== 0)).toEqual([
      ['2026-11-02', 1],
      ['2026-11-04', 1],
      ['2026-11-10', 2],
      ['2026-12-01', 1],
    ])
    expect(await series('week')).toEqual([
      ['2026-11-02', 1],
      ['2026-11-09', 2],
      ['2026-11-16', 0],
      ['2026-11-23', 0],
      ['2026-11-30', 1],
    ])
    expect(await series('month')).toEqual([
      ['2026-11-01', 2],
      ['2026-12-01', 1],
    ])
    expect(await series('quarter')).toEqual([['2026-10-01', 3]])
    for (const grain of ['day', 'week', 'month', 'quarter'])
      expect((await orders({ groupBy: [`dueDate:${grain}`] })).totals).toEqual({ count: 3 })
  })

  test('a condition is on orders, and the total has each of them once', async () => {
    const several: BusinessQuery['where'] = [['count', 'gte', 2]]
    // Two lines of one order do not make two.
    expect(await orders({ groupBy: ['customer'], where: several })).toMatchObject({
      rows: [{ customer: 'Hanbit', count: 2 }],
      totals: { count: 2 },
    })
    const byItem = await orders({ groupBy: ['item'], where: several })
    expect(byItem.rows).toHaveLength(2)
    expect(byItem.totals).toEqual({ count: 3 })
  })

  test('beside a condition on amounts, which is on the whole group and not on its orders', async () => {
    const answer = await orders({ groupBy: ['customer'], where: [['amount', 'gt', 101]] })
    expect(answer).toMatchObject({ rows: [{ customer: 'Hanbit', count: 2 }], totals: { count: 2 } })
  })

  test('a share is of all orders, so that shares of items may exceed the whole', async () => {
    const answer = await orders({ measures: ['share:count'], groupBy: ['item'] })
    expect(answer.rows).toEqual([
      { item: 'A', 'share:count': '66.6666666667' },
      { item: 'B', 'share:count': '66.6666666667' },
    ])
    expect(answer.totals).toEqual({ 'share:count': '100' })
    const weeks = await orders({ measures: ['share:count'], groupBy: ['dueDate:week'], where: [['count', 'gt', 1]] })
    expect(weeks.rows).toEqual([{ 'dueDate:week': '2026-11-09', 'share:count': '66.6666666667' }])
  })

  test('both periods of a comparison, and of the groups that pass', async () => {
    const query: Partial<BusinessQuery> = {
      period: { field: 'date', from: '2026-11-01', to: '2026-11-30' },
      compareTo: 'previousPeriod',
    }
    expect(await orders(query)).toMatchObject({ rows: [{ count: 2 }], previous: { rows: [{ count: 1 }] } })
    const items = await orders({ ...query, groupBy: ['item'], where: [['count', 'gte', 1]] })
    expect(items).toMatchObject({
      totals: { count: 2 },
      previous: {
        rows: [
          { item: 'A', count: 1 },
          { item: 'B', count: 1 },
        ],
        totals: { count: 1 },
      },
    })
    const top = await orders({ ...query, groupBy: ['item'], limit: 1 })
    expect(top.previous).toMatchObject({ rows: [{ item: 'A', count: 1 }], totals: { count: 1 } })
  })

  test('a list is of lines, and says how many lines', async () => {
    const answer = await ask({ entity: 'salesOrder', measures: [], limit: 2 })
    expect(answer.totals).toMatchObject({ count: 7, amount: '146' })
    expect(answer.completeness).toEqual({ kind: 'first', of: 7 })
  })

  test('every group, for whoever reads them all', async () => {
    const { erp } = openSmallErp(options)
    const query = permitQuery({ entity: 'salesOrder', measures: ['count'], groupBy: ['item'] }, 'all', 'tester')
    expect((await erp.listGroups(query, new AbortController().signal)).map(({ count }) => count)).toEqual([2, 2])
  })
})

test('where a record is a thing, records are counted and their counts added up', async () => {
  const { ask, connector } = openSmallErp()
  const answer = await ask({ entity: 'sales', measures: ['count', 'share:count'], groupBy: ['region'] })
  expect(answer.rows.map(({ count }) => count)).toEqual([4, 3])
  expect(answer.totals).toEqual({ count: 7, 'share:count': '100' })
  // The groups and the whole: no further call for the total.
  expect(connector.asked).toHaveLength(2)
})

test('the ERP is asked for orders by group only where groups must be merged', async () => {
  const { ask, connector } = openSmallErp()
  await ask({
    entity: 'salesOrder',
    measures: ['count'],
    groupBy: ['customer'],
    orderBy: [['count', 'desc']],
    limit: 1,
  })
  expect(connector.asked).toMatchObject([
    { keys: [{ field: 'customer' }], limit: 1, orderBy: [{ by: 'distinct:orderNo', descending: true }, {}] },
    { keys: [], aggregates: [{ fn: 'distinct', field: 'orderNo' }] },
  ])
  await ask({ entity: 'salesOrder', measures: ['count'], groupBy: ['dueDate:week'] })
  expect(connector.asked.slice(2)).toMatchObject([
    { keys: [{ field: 'dueDate' }, { field: 'orderNo' }], aggregates: [] },
  ])
})

test('an order by a share that is not shown is by the share', async () => {
  const { ask } = openSmallErp()
  const orderBy: BusinessQuery['orderBy'] = [['share:amount', 'asc']]
  const answer = await ask({ entity: 'sales', measures: ['count'], groupBy: ['customer'], orderBy })
  expect(answer.rows.map(({ customer }) => customer)).toEqual(['Saeron', 'Daon', 'Hanbit'])
})

test.each(['avg:count', 'max:count', 'min:count'])('%s is refused', async (name) => {
  await expect(openSmallErp().ask({ entity: 'salesOrder', measures: [name] })).rejects.toThrow('QUERY_INVALID')
})
