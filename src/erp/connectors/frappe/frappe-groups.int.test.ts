import { afterEach, describe, expect, test } from 'vitest'
import { permitQuery } from '#catalog'
import { AppError } from '#platform/errors'
import { AggregateUnsupported, type FetchSpec, type GroupSpec, type RecordSpec } from '../../erp-connector.ts'
import { every } from '../../filter.ts'
import { createMappedValues } from '../mapped-values.ts'
import { catalog, openFrappe } from './open-frappe-fixture.ts'

let site: Awaited<ReturnType<typeof openFrappe>>
afterEach(async () => await site.close())

const { signal } = new AbortController()
const versions = ['15.121.3', '16.36.1']
const records: RecordSpec = {
  kind: 'records',
  entity: 'sales',
  filter: every([]),
  fields: ['invoiceNo', 'amount'],
  orderBy: [],
  maxRows: 10_000,
}
const total: GroupSpec = {
  kind: 'groups',
  entity: 'sales',
  filter: every([]),
  keys: [],
  aggregates: [{ fn: 'sum', field: 'amount' }, { fn: 'count' }],
  having: [],
  orderBy: [],
  maxRows: 100,
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error: unknown) => (error instanceof AppError ? error.spec.code : error),
  )

describe.each(versions)('groups of %s', (version) => {
  test('that are not all there are not summed', async () => {
    site = await openFrappe(version)
    site.simulator.state.pageCap = 2
    expect(await codeOf(site.connect().connector.fetch({ ...total, ...groupsBy('item') }, signal))).toBe('ERP_CHANGING')
  })

  test('with more digits than a float carries are left to the records', async () => {
    site = await openFrappe(version)
    const lines = site.simulator.state.documents['Sales Invoice']![0]!.items as Record<string, unknown>[]
    Object.assign(lines[0]!, { base_net_amount: '900719925474099' })
    Object.assign(lines[1]!, { base_net_amount: '0.11' })
    const { connector, erp } = site.connect()
    await expect(connector.fetch(total, signal)).rejects.toBeInstanceOf(AggregateUnsupported)
    const query = permitQuery(
      { entity: 'sales', measures: ['amount'], where: [['invoiceNo', 'eq', 'SINV-0000']] },
      'all',
      'tester',
    )
    expect((await erp.answerQuery(query, signal)).totals.amount).toBe('900719925474125.33')
  })

  test('and records give the same sums', async () => {
    site = await openFrappe(version)
    const { connector } = site.connect()
    const { rows } = await connector.fetch({ ...total, ...groupsBy('category') }, signal)
    const all = await connector.fetch({ ...records, fields: ['category', 'amount'] }, signal)
    const cents = (text: unknown) => Math.round(Number(text) * 100)
    for (const row of rows) {
      const own = all.rows.filter(({ category }) => category === row.category)
      expect([row.count, cents(row['sum:amount'])]).toEqual([
        own.length,
        own.reduce((sum, { amount }) => sum + cents(amount), 0),
      ])
    }
  })

  test('of a linked document, and conditions on it, are worked out of its records', async () => {
    site = await openFrappe(version)
    const { connector, erp } = site.connect()
    const byItem: GroupSpec = {
      ...total,
      entity: 'stock',
      keys: [{ field: 'item' }],
      aggregates: [{ fn: 'sum', field: 'value' }],
    }
    await expect(connector.fetch(byItem, signal)).rejects.toBeInstanceOf(AggregateUnsupported)
    const query = permitQuery(
      { entity: 'stock', measures: ['value'], groupBy: ['item'], where: [['category', 'eq', '베어링']] },
      'all',
      'tester',
    )
    expect((await erp.answerQuery(query, signal)).rows).toEqual([{ item: '볼베어링', value: '3400.1' }])
    const low = permitQuery(
      { entity: 'stock', measures: [], where: [['quantity', 'lt', 'safetyStock']] },
      'all',
      'tester',
    )
    expect((await erp.answerQuery(low, signal)).rows).toMatchObject([
      { item: '볼베어링', warehouse: '본사창고', quantity: '4' },
    ])
  })
})

describe.each(versions)('values of %s', (version) => {
  async function open() {
    site = await openFrappe(version)
    const now = () => new Date('2026-11-23T03:00:00Z')
    const connector = createMappedValues(site.connect().connector, catalog, now)
    return (spec: FetchSpec) => connector.fetch(spec, signal)
  }

  test('become codes, and groups of the same code one', async () => {
    const fetch = await open()
    const spec: GroupSpec = {
      ...total,
      entity: 'salesOrder',
      keys: [{ field: 'status' }],
      orderBy: [{ by: 'sum:amount', descending: false }],
      having: [{ left: { fn: 'sum', field: 'amount' }, operator: 'lt', right: '300' }],
      limit: 2,
    }
    expect(await fetch(spec)).toMatchObject({
      rows: [
        { status: 'open', 'sum:amount': '30.75', count: 2 },
        { status: 'shipped', 'sum:amount': '40', count: 1 },
      ],
      count: 3,
    })
    const closed = {
      is: 'comparison',
      field: 'status',
      operator: 'eq',
      right: { type: 'text', value: 'closed' },
    } as const
    const { rows } = await fetch({ ...records, entity: 'salesOrder', fields: ['orderNo', 'status'], filter: closed })
    expect(rows).toEqual([
      { orderNo: 'SO-4', status: 'closed' },
      { orderNo: 'SO-5', status: 'closed' },
    ])
  })

  test('keep a word of their own where no code says it', async () => {
    const fetch = await open()
    const { rows } = await fetch({ ...records, entity: 'productionOrder', fields: ['status'] })
    expect(rows.map(({ status }) => status)).toEqual(['planned', 'running', 'Stopped'])
  })

  test('count the days since a date, in conditions, orders and groups', async () => {
    const fetch = await open()
    const over = {
      is: 'comparison',
      field: 'overdueDays',
      operator: 'gte',
      right: { type: 'number', value: '40' },
    } as const
    const spec: RecordSpec = {
      ...records,
      entity: 'receivable',
      fields: ['invoiceNo', 'overdueDays'],
      filter: over,
      orderBy: [{ by: 'overdueDays', descending: true }],
      limit: 3,
    }
    const { rows, count } = await fetch(spec)
    expect(rows).toEqual([
      { invoiceNo: 'SINV-EMPTY', overdueDays: 74 },
      { invoiceNo: 'SINV-0001', overdueDays: 52 },
      { invoiceNo: 'SINV-0002', overdueDays: 51 },
    ])
    const groups = await fetch({
      ...total,
      entity: 'receivable',
      aggregates: [{ fn: 'count' }],
      keys: [{ field: 'overdueDays' }],
      filter: over,
    })
    expect(groups.rows.reduce((sum, row) => sum + Number(row.count), 0)).toBe(count)
    expect(Object.keys(groups.rows[0] ?? {})).toEqual(['overdueDays', 'count'])
  })
})

function groupsBy(field: string): Pick<GroupSpec, 'kind' | 'keys' | 'aggregates'> {
  const aggregates: GroupSpec['aggregates'] = field === 'date' ? [{ fn: 'count' }] : total.aggregates
  return { kind: 'groups', keys: [{ field }], aggregates }
}
