import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BusinessQuery, permitQuery, type RowFilter } from '#catalog'
import type { ErpServer } from '../../demo/erp/serve-erp.ts'
import type { Erp } from './create-erp.ts'
import { Exact, formatExact } from './decimal.ts'
import { demoCatalog, demoMapping, openDemoErp } from './demo-erp-fixture.ts'
import type { Row } from './query-answer.ts'
import { cases, lines, november } from './query-cases-fixture.ts'

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
