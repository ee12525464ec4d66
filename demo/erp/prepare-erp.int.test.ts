import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { demoAccounts } from '../accounts.ts'
import { prepareErp } from './prepare-erp.ts'
import { startTestErp, type TestErp, testErpDay } from './start-test-erp.ts'

describe('the demo company', () => {
  let erp: TestErp
  const count = async (text: string, values: unknown[] = []) => Number((await erp.sql(text, values))[0]?.n)
  beforeAll(async () => {
    erp = await startTestErp()
  })
  afterAll(() => erp[Symbol.asyncDispose]())

  it('has three whole years before this one and at least 60,000 invoice lines', async () => {
    expect(await count('select count(*) n from erp.invoice_lines')).toBeGreaterThan(60_000)
    const [span] = await erp.sql('select min(document_date)::text lo, max(document_date)::text hi from erp.invoices')
    expect(span).toEqual({ lo: '2023-01-01', hi: testErpDay })
  })

  it.each([
    [
      'an invoice is the sum of its lines',
      `select count(*) n from erp.invoices i where amount <>
      (select sum(l.amount) from erp.invoice_lines l where l.invoice_no = i.invoice_no)`,
    ],
    [
      'a bill is the sum of its order',
      `select count(*) n from erp.bills b where amount <>
      (select sum(l.amount) from erp.purchase_order_lines l where l.order_no = b.order_no)`,
    ],
    ['a line is quantity by price', 'select count(*) n from erp.invoice_lines where amount <> quantity * unit_price'],
    [
      'an open order has no invoice, a shipped one has',
      `select count(*) n from erp.sales_orders o
      where (status in ('shipped', 'closed')) <> exists (select from erp.invoices i where i.order_no = o.order_no)`,
    ],
    [
      'a received order has a bill, an open one has none',
      `select count(*) n from erp.purchase_orders o
      where (status = 'received') <> exists (select from erp.bills b where b.order_no = o.order_no)`,
    ],
    ['only open items are receivable', 'select count(*) n from odata.receivable_items where balance <= 0'],
    ['only open items are payable', 'select count(*) n from odata.payable_items where balance <= 0'],
    [
      'days overdue follow the due date',
      `select count(*) n from odata.receivable_items
      where overdue_days <> greatest(0, date '${testErpDay}' - due_date)`,
    ],
    [
      'spent is what was approved',
      `select count(*) n from odata.budget_lines b full join (
        select department_name, account_name, date_trunc('month', document_date)::date as document_date, sum(amount) as spent
        from odata.expense_claims where status = 'approved' group by 1, 2, 3
      ) x using (department_name, account_name, document_date) where b.actual is distinct from coalesce(x.spent, 0)`,
    ],
    [
      'no leave is overdrawn',
      'select count(*) n from odata.leave_balances where remaining < 0 or remaining <> granted - used',
    ],
    [
      'what lies ahead is planned',
      `select count(*) n from erp.production_orders
      where (status = 'planned') <> (document_date > date '${testErpDay}')`,
    ],
    [
      'domestic customers are served by domestic sales, those abroad by overseas sales',
      `select count(*) n
      from odata.sales_invoice_lines where department_name <> case region_name when '해외' then '해외영업팀' else '국내영업팀' end`,
    ],
  ])('is consistent: %s', async (_what, text) => {
    expect(await count(text)).toBe(0)
  })

  it.each([
    ['sold today', `odata.sales_invoice_lines where document_date = date '${testErpDay}'`],
    ['sold yesterday, a Sunday', `odata.sales_invoice_lines where document_date = date '${testErpDay}' - 1`],
    [
      'lines of 30 million won or more this month',
      `odata.sales_invoice_lines where amount >= 30000000 and document_date >= '2026-11-01'`,
    ],
    [
      'prices with a fraction',
      `odata.sales_invoice_lines where customer_name in ('Nordwind GmbH', 'Pacific Tools Inc.') and amount % 1 <> 0`,
    ],
    ['large open orders', `odata.sales_order_lines where status = 'open' and amount >= 50000000`],
    ['open orders past their day', `odata.sales_order_lines where status = 'open' and due_date < date '${testErpDay}'`],
    [
      'orders due next week',
      `odata.sales_order_lines where status = 'open' and due_date between '2026-11-30' and '2026-12-06'`,
    ],
    [
      'deliveries due next week',
      `odata.purchase_order_lines where status = 'open' and due_date between '2026-11-30' and '2026-12-06'`,
    ],
    ['receivables overdue by more than 90 days', 'odata.receivable_items where overdue_days > 90'],
    ['payables overdue by more than 30 days', 'odata.payable_items where overdue_days > 30'],
    ['partly paid invoices', 'odata.receivable_items where balance < amount'],
    ['stock below safety stock', 'odata.stock_levels where quantity < safety_stock'],
    ['nearly no stock', 'odata.stock_levels where quantity < 10'],
    ['overdrawn budgets', `odata.budget_lines where actual > budget and document_date = '2026-10-01'`],
    ['claims waiting', `odata.expense_claims where status = 'pending'`],
    ['defects this month', `odata.production_orders where defect_quantity > 0 and document_date >= '2026-11-01'`],
    ['production under way', `odata.production_orders where status = 'running'`],
    ['people hired this year', `odata.employees where hire_date >= '2026-01-01'`],
    ['people with little leave left', 'odata.leave_balances where year = 2026 and remaining <= 3'],
    [
      'documents for 오세진 to approve',
      `odata.approval_documents where status = 'pending' and approver_name = '오세진'`,
    ],
    [
      'documents for 주상현 to approve',
      `odata.approval_documents where status = 'pending' and approver_name = '주상현'`,
    ],
    ['expenses of 안소미', `odata.expense_claims where employee_name = '안소미'`],
    ['documents by 안소미', `odata.approval_documents where requester_name = '안소미'`],
    ['open orders by 류가은', `odata.purchase_order_lines where buyer_name = '류가은' and status = 'open'`],
    [
      'sales by 김민수 this month',
      `odata.sales_invoice_lines where salesperson_name = '김민수' and document_date >= '2026-11-01'`,
    ],
    ['receivables of 조은비', `odata.receivable_items where salesperson_name = '조은비'`],
    ['open orders of 조은비', `odata.sales_order_lines where salesperson_name = '조은비' and status = 'open'`],
  ])('has %s', async (_what, from) => {
    expect(await count(`select count(*) n from ${from}`)).toBeGreaterThan(0)
  })

  it('knows every demo account by name, department, title and leave', async () => {
    for (const { name, department, title } of demoAccounts) {
      const found = await erp.sql(
        `select e.name, e.department_name, e.title from odata.employees e
         join odata.leave_balances l on l.employee_name = e.name and l.year = 2026 where e.name = $1`,
        [name],
      )
      expect(found).toEqual([{ name, department_name: department, title }])
    }
  })

  it('spends most of most budgets, sells more to few customers, and rests at weekends', async () => {
    const [shares] = await erp.sql(`select avg((actual between budget * 0.6 and budget * 0.95)::int)::float usual,
      avg((actual > budget)::int)::float overdrawn from odata.budget_lines where document_date < '2026-11-01' and actual > 0`)
    expect(shares?.usual).toBeGreaterThan(0.7)
    expect(shares?.overdrawn).toBeLessThan(0.12)
    const [top] = await erp.sql(`select (sum(amount) filter (where rank <= 8) / sum(amount))::float share from (
      select sum(amount) amount, rank() over (order by sum(amount) desc) from odata.sales_invoice_lines group by customer_name) c`)
    expect(top?.share).toBeGreaterThan(0.55)
    const weekend = await count(
      `select avg((extract(isodow from document_date) > 5)::int) n from odata.sales_invoice_lines`,
    )
    expect(weekend).toBeLessThan(0.06)
  })
})

describe('prepareErp', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase({ empty: true })
  })
  afterAll(() => database.drop())

  it('makes the same data for the same day and seed, skips when it is there, and keeps the past when a day goes by', async () => {
    const databaseUrl = database.url
    const lines: string[] = []
    const first = await prepareErp({ databaseUrl, today: '2026-01-01', seed: 5, onStep: (line) => lines.push(line) })
    expect(first.isRebuilt).toBe(true)
    expect(first.rows.invoice_lines).toBeGreaterThan(60_000)
    expect(lines.length).toBeGreaterThan(5)
    const before = await readDigests(databaseUrl)

    expect(await prepareErp({ databaseUrl, today: '2026-01-01', seed: 5 })).toEqual({ isRebuilt: false, rows: {} })

    expect((await prepareErp({ databaseUrl, today: '2026-01-02', seed: 5 })).isRebuilt).toBe(true)
    const nextDay = await readDigests(databaseUrl)
    expect(nextDay.whole).not.toBe(before.whole)
    expect(nextDay.past).toBe(before.past)

    await prepareErp({ databaseUrl, today: '2026-01-01', seed: 5 })
    expect(await readDigests(databaseUrl)).toEqual(before)

    await prepareErp({ databaseUrl, today: '2026-01-01', seed: 6 })
    expect((await readDigests(databaseUrl)).past).not.toBe(before.past)
  }, 180_000)

  it('refuses a day that is none, and leaves what was there', async () => {
    await expect(prepareErp({ databaseUrl: database.url, today: '2026-02-30', seed: 5 })).rejects.toThrow('2026-02-30')
    expect((await readDigests(database.url)).whole).toMatch(/^[0-9a-f]{32}$/)
  })
})

/** `whole`: every row of every table. `past`: what was invoiced before 2026, which no later day may change. */
async function readDigests(databaseUrl: string): Promise<{ whole: string; past: string }> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const tables = await client.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'erp' and table_type = 'BASE TABLE' order by 1`,
    )
    const digest = async (from: string) => {
      const text = `select md5(string_agg(md5(t::text), '' order by md5(t::text))) as digest from ${from} t`
      return String((await client.query(text)).rows[0].digest)
    }
    const digests = []
    for (const { name } of tables.rows) digests.push(await digest(`erp.${name}`))
    expect(digests.length).toBeGreaterThan(20)
    const past = await digest(
      `(select i.invoice_no, i.document_date, i.customer_id, l.* from erp.invoices i join erp.invoice_lines l using (invoice_no)
        where document_date < '2026-01-01')`,
    )
    return { whole: (await client.query('select md5($1) as digest', [digests.join()])).rows[0].digest, past }
  } finally {
    await client.end()
  }
}
