import type { BusinessQuery } from '#catalog'

export const lines = `erp.invoice_lines l join erp.invoices i using (invoice_no) join erp.customers c using (customer_id)`

/** A question, and SQL on the demo ERP's own tables that must find the same. */
type QueryCase = { name: string; query: BusinessQuery; sql: string; columns: string[] }

export const november = { field: 'date', from: '2026-11-01', to: '2026-11-30' }
export const cases: QueryCase[] = [
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
