import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BusinessQuery, permitQuery, type RowFilter } from '#catalog'
import type { ErpServer } from '../../demo/erp/serve-erp.ts'
import type { Erp } from './create-erp.ts'
import { Exact, formatExact } from './decimal.ts'
import { demoCatalog, demoMapping, openDemoErp } from './demo-erp-fixture.ts'
import type { Row } from './query-answer.ts'

let demo: Awaited<ReturnType<typeof openDemoErp>>
let server: ErpServer
/** The ERP that groups, and the same one asked for records only. */
let erps: Record<'grouping' | 'records only', Erp>

beforeAll(async () => {
  demo = await openDemoErp()
  server = await demo.serve()
  erps = {
    grouping: demo.connect([server.url]).erp,
    'records only': demo.connect([server.url], { aggregate: 'none' }).erp,
  }
})
afterAll(async () => {
  await Promise.all(Object.values(erps ?? {}).map((erp) => erp.close()))
  await demo.close()
})

const { signal } = new AbortController()
const ask = (erp: Erp, query: BusinessQuery, rows: RowFilter = 'all') =>
  erp.answerQuery(permitQuery(query, rows, 'tester'), signal)

/** Numerics of SQL as our cells: `10.00` → `10`. */
const plain = (rows: Record<string, unknown>[]) =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? formatExact(new Exact(value)) : value,
      ]),
    ),
  )
const snake = (name: string) => name.replace(/(?<!^)([A-Z])/g, '_$1').toLowerCase()
const lines = `erp.invoice_lines l join erp.invoices i using (invoice_no) join erp.customers c using (customer_id)`

type Case = { name: string; query: BusinessQuery; sql: string; columns: string[] }

const november = { field: 'date', from: '2026-11-01', to: '2026-11-30' }
const cases: Case[] = [
  {
    name: 'five largest customers of a month',
    query: {
      entity: 'sales',
      measures: ['amount', 'count'],
      groupBy: ['customer'],
      period: november,
      orderBy: [['amount', 'desc']],
      limit: 5,
    },
    columns: ['customer', 'amount', 'count'],
    sql: `select c.name as customer, sum(l.amount) as amount, count(*)::int as count from ${lines}
      where document_date between '2026-11-01' and '2026-11-30' group by 1 order by 2 desc, 1 limit 5`,
  },
  {
    name: 'customers beyond an amount',
    query: {
      entity: 'sales',
      measures: ['amount'],
      groupBy: ['customer'],
      where: [['amount', 'gt', 300_000_000]],
      period: { field: 'date', from: '2026-01-01' },
    },
    columns: ['customer', 'amount'],
    sql: `select c.name as customer, sum(l.amount) as amount from ${lines} where document_date >= '2026-01-01'
      group by 1 having sum(l.amount) > 300000000 order by 2 desc, 1`,
  },
  {
    name: 'months of two years',
    query: {
      entity: 'sales',
      measures: ['amount'],
      groupBy: ['date:month'],
      period: { field: 'date', from: '2025-01-01', to: '2026-11-23' },
    },
    columns: ['date:month', 'amount'],
    sql: `select to_char(date_trunc('month', document_date), 'YYYY-MM-DD') as "date:month", sum(l.amount) as amount from ${lines}
      where document_date between '2025-01-01' and '2026-11-23' group by 1 order by 1`,
  },
  {
    name: 'weeks by region, average and extremes',
    query: {
      entity: 'sales',
      measures: ['avg:amount', 'max:amount', 'min:profit'],
      groupBy: ['date:week', 'region'],
      period: november,
    },
    columns: ['date:week', 'region', 'avg:amount', 'max:amount', 'min:profit'],
    sql: `select to_char(date_trunc('week', document_date), 'YYYY-MM-DD') as "date:week", r.name as region,
      round(sum(l.amount)::numeric(40, 20) / count(*), 10) as "avg:amount", max(l.amount) as "max:amount", min(l.amount - l.cost) as "min:profit"
      from ${lines} join erp.regions r using (region_id) where document_date between '2026-11-01' and '2026-11-30'
      group by 1, 2 order by 1, 3 desc, 2`,
  },
  {
    name: 'quarters',
    query: { entity: 'purchaseOrder', measures: ['quantity', 'count'], groupBy: ['date:quarter'] },
    columns: ['date:quarter', 'quantity', 'count'],
    sql: `select to_char(date_trunc('quarter', document_date), 'YYYY-MM-DD') as "date:quarter", sum(quantity) as quantity, count(distinct order_no)::int as count
      from erp.purchase_order_lines join erp.purchase_orders using (order_no) group by 1 order by 1`,
  },
  {
    name: 'open purchase orders, which are fewer than their lines',
    query: { entity: 'purchaseOrder', measures: ['count'], where: [['status', 'eq', 'open']] },
    columns: ['count'],
    sql: `select count(*)::int as count from erp.purchase_orders where status = 'open'`,
  },
  {
    name: 'items in the most orders, with their share of all orders',
    query: {
      entity: 'salesOrder',
      measures: ['count', 'share:count', 'avg:amount'],
      groupBy: ['item'],
      period: november,
      orderBy: [['count', 'desc']],
      limit: 7,
    },
    columns: ['item', 'count', 'share:count', 'avg:amount'],
    sql: `with n as (select * from erp.sales_order_lines join erp.sales_orders using (order_no) join erp.items m using (item_code)
        where document_date between '2026-11-01' and '2026-11-30')
      select name as item, count(distinct order_no)::int as count,
      round(count(distinct order_no) * 100::numeric(40, 20) / (select count(distinct order_no) from n), 10) as "share:count",
      round(sum(amount)::numeric(40, 20) / count(*), 10) as "avg:amount"
      from n group by 1 order by 2 desc, name collate "C" limit 7`,
  },
  {
    name: 'orders by week and item, of those with several',
    query: {
      entity: 'salesOrder',
      measures: ['count'],
      groupBy: ['date:week', 'item'],
      where: [['count', 'gte', 4]],
      period: { field: 'date', from: '2026-09-01', to: '2026-11-23' },
    },
    columns: ['date:week', 'item', 'count'],
    sql: `select to_char(date_trunc('week', document_date), 'YYYY-MM-DD') as "date:week", m.name as item, count(distinct order_no)::int as count
      from erp.sales_order_lines join erp.sales_orders using (order_no) join erp.items m using (item_code)
      where document_date between '2026-09-01' and '2026-11-23' group by 1, m.name having count(distinct order_no) >= 4
      order by 1, 3 desc, m.name collate "C"`,
  },
  {
    name: 'worst line by defect rate',
    query: {
      entity: 'productionOrder',
      measures: ['defectRate'],
      groupBy: ['line'],
      orderBy: [['defectRate', 'desc']],
      limit: 1,
    },
    columns: ['line', 'defectRate'],
    sql: `select n.name as line, round(sum(defect_quantity) * 100::numeric(40, 20) / sum(produced_quantity), 10) as "defectRate"
      from erp.production_orders join erp.production_lines n using (line_id) group by 1 order by 2 desc limit 1`,
  },
  {
    name: 'share of the regions',
    query: { entity: 'sales', measures: ['share:amount'], groupBy: ['region'], period: november },
    columns: ['region', 'share:amount'],
    sql: `select r.name as region, round(sum(l.amount) * 100::numeric(40, 20) / sum(sum(l.amount)) over (), 10) as "share:amount"
      from ${lines} join erp.regions r using (region_id) where document_date between '2026-11-01' and '2026-11-30' group by 1 order by 2 desc, 1`,
  },
  {
    name: 'items below their safety stock, by warehouse',
    query: {
      entity: 'stock',
      measures: ['quantity', 'safetyStock'],
      groupBy: ['item', 'warehouse'],
      where: [['quantity', 'lt', 'safetyStock']],
    },
    columns: ['item', 'warehouse', 'quantity', 'safetyStock'],
    sql: `select m.name as item, w.name as warehouse, sum(quantity) as quantity, sum(safety_stock) as "safetyStock"
      from erp.stock join erp.items m using (item_code) join erp.warehouses w using (warehouse_id)
      group by 1, 2 having sum(quantity) < sum(safety_stock) order by 3 desc, m.name collate "C", w.name collate "C"`,
  },
  {
    name: 'overdue customers, chosen by name and part of a name',
    query: {
      entity: 'receivable',
      measures: ['balance', 'count'],
      where: [
        ['overdueDays', 'gt', 30],
        ['customer', 'contains', '한'],
      ],
    },
    columns: ['balance', 'count'],
    sql: `select coalesce(sum(i.amount - i.paid_amount), 0) as balance, count(*)::int as count from erp.invoices i join erp.customers c using (customer_id)
      where i.amount > i.paid_amount and date '2026-11-23' - i.due_date > 30 and position('한' in c.name) > 0`,
  },
  {
    name: 'records that pass a rate',
    query: {
      entity: 'budget',
      measures: ['count'],
      where: [['rate', 'gt', 80]],
      period: { field: 'date', to: '2026-11-30' },
    },
    columns: ['count'],
    sql: `select count(*)::int as count from odata.budget_lines where document_date <= '2026-11-30' and budget > 0 and actual * 100 > budget * 80`,
  },
]

describe.each(['grouping', 'records only'] as const)('an ERP that is asked for %s', (kind) => {
  test.each(cases)('$name', async ({ query, sql, columns }) => {
    const answer = await ask(erps[kind], query)
    const expected = plain(await demo.select(sql))
    expect(expected.length).toBeGreaterThan(0)
    expect(answer.columns.map(({ name }) => name)).toEqual(columns)
    expect(answer.rows).toEqual(expected)
  })

  test('totals of a top 3 are of everything', async () => {
    const query: BusinessQuery = {
      entity: 'sales',
      measures: ['amount', 'quantity', 'count'],
      groupBy: ['item'],
      limit: 3,
    }
    const [totals] = plain(
      await demo.select(
        'select sum(amount) as amount, sum(quantity) as quantity, count(*)::int as count from erp.invoice_lines',
      ),
    )
    const [items] = await demo.select('select count(distinct item_code)::int as count from erp.invoice_lines')
    expect(await ask(erps[kind], query)).toMatchObject({ totals, completeness: { kind: 'first', of: items.count } })
  })

  test.each<[string, Partial<BusinessQuery>, string]>([
    ['a top 3', { limit: 3 }, ''],
    ['weeks', { groupBy: ['date:week', 'item'] }, ''],
    [
      'groups that pass a condition',
      { where: [['count', 'gte', 10]] },
      `where item_code in (select item_code from n group by item_code having count(distinct order_no) >= 10)`,
    ],
  ])('orders in several groups are one of the total: %s', async (_, more, where) => {
    const query = { entity: 'salesOrder', measures: ['count'], groupBy: ['item'], period: november, ...more }
    const answer = await ask(erps[kind], query)
    const [totals] = await demo.select(
      `with n as (select * from erp.sales_order_lines join erp.sales_orders using (order_no)
        where document_date between '2026-11-01' and '2026-11-30')
      select count(distinct order_no)::int as count from n ${where}`,
    )
    expect(answer.totals).toEqual(totals)
    expect(answer.rows.reduce((sum, { count }) => sum + Number(count), 0)).not.toBe(totals?.count)
  })

  test('orders that pass a condition are compared with those of the same groups', async () => {
    const answer = await ask(erps[kind], {
      ...{ entity: 'salesOrder', measures: ['count'], groupBy: ['item'], where: [['count', 'gte', 10]] },
      ...{ period: november, compareTo: 'previousPeriod' },
    })
    const from = (month: string) => `from erp.sales_order_lines join erp.sales_orders using (order_no)
      where to_char(document_date, 'YYYY-MM') = '${month}'`
    const [totals] = await demo.select(
      `select count(distinct order_no)::int as count ${from('2026-10')} and item_code in (
        select item_code ${from('2026-11')} group by item_code having count(distinct order_no) >= 10)`,
    )
    expect(answer.previous?.totals).toEqual(totals)
  })

  test('records are the newest, with sums over all of them', async () => {
    const query: BusinessQuery = {
      entity: 'salesOrder',
      measures: [],
      where: [['status', 'in', ['open', 'shipped']]],
      period: { field: 'date', from: '2026-06-01' },
    }
    const answer = await ask(erps[kind], query)
    const where = `from erp.sales_order_lines join erp.sales_orders using (order_no) where status in ('open', 'shipped') and document_date >= '2026-06-01'`
    const [totals] = plain(
      await demo.select(`select count(*)::int as count, sum(amount) as amount, sum(quantity) as quantity ${where}`),
    )
    expect(answer.totals).toEqual(totals)
    const dates = await demo.select(`select document_date::text as date ${where} order by 1 desc limit 200`)
    expect(answer.rows.map(({ date }) => ({ date }))).toEqual(dates)
    expect(answer.completeness).toEqual(
      Number(totals?.count) > 200 ? { kind: 'first', of: totals?.count } : { kind: 'complete' },
    )
  })

  test('a comparison has both periods, each narrowed to the reader’s rows', async () => {
    const [person] = await demo.select(
      `select e.name, e.employee_no from erp.employees e join erp.customers c on c.salesperson_no = e.employee_no limit 1`,
    )
    const query: BusinessQuery = {
      entity: 'sales',
      measures: ['amount'],
      period: november,
      compareTo: 'previousPeriod',
    }
    const answer = await ask(erps[kind], query, [[['salesperson', 'eq', person.name]]])
    const sumOf = async (from: string, to: string) =>
      plain(
        await demo.select(
          `select sum(l.amount) as amount from ${lines} where c.salesperson_no = $1 and document_date between $2 and $3`,
          [person.employee_no, from, to],
        ),
      )
    expect(answer.rows).toEqual(await sumOf('2026-11-01', '2026-11-30'))
    expect(answer.previous).toMatchObject({
      from: '2026-10-01',
      to: '2026-10-31',
      rows: await sumOf('2026-10-01', '2026-10-31'),
    })
  })
})

test('a long list is paged to its limit, in order, nothing twice', async () => {
  const query: BusinessQuery = { entity: 'sales', measures: [], orderBy: [['date', 'asc']], limit: 12_000 }
  const answer = await ask(erps.grouping, query)
  const sql = `select document_date::text as date, invoice_no as "invoiceNo", l.amount from ${lines} order by 1, l.line_id limit 12000`
  expect(answer.rows.map(({ date, invoiceNo, amount }) => ({ date, invoiceNo, amount }))).toEqual(
    plain(await demo.select(sql)),
  )
  expect(answer.timing.calls).toBe(4)
})

test.each(Object.keys(demoCatalog.entities))('every field of %s is there, and its sums are right', async (name) => {
  const entity = demoCatalog.entities[name]!
  const mapped = demoMapping.entities[name]!
  const view = `odata.${snake(mapped.set)}`
  const stored = Object.keys(entity.measures).filter((measure) => !entity.measures[measure]?.ratio)
  const sums = stored.map((measure) => `sum(${snake(mapped.fields[measure]!)}) as "${measure}"`)
  const counted = entity.countBy ? `distinct ${snake(mapped.fields[entity.countBy]!)}` : '*'
  const [expected] = plain(
    await demo.select(
      `select ${[`count(${counted})::int as count`, ...sums].join(', ')}, count(*)::int as records from ${view}`,
    ),
  )
  const { records: recordCount, ...totals } = expected ?? {}
  const answer = await ask(erps.grouping, { entity: name, measures: ['count', ...stored] })
  expect(answer.totals).toEqual(totals)
  for (const dimension of Object.keys(entity.dimensions)) {
    const groups: Row[] = await erps.grouping.listGroups(
      permitQuery({ entity: name, measures: ['count'], groupBy: [dimension] }, 'all', 'tester'),
      signal,
    )
    const [distinct] = await demo.select(
      `select count(*)::int as count from (select distinct ${snake(mapped.fields[dimension]!)} from ${view}) d`,
    )
    expect({ dimension, groups: groups.length }).toEqual({ dimension, groups: distinct.count })
  }
  const records = await ask(erps.grouping, { entity: name, measures: [], limit: 3 })
  expect(records.rows).toHaveLength(3)
  expect(records.totals.count).toBe(recordCount)
})
