import type { TestOffice } from './office.ts'

/** Figures by SQL of our own on the ERP's base tables: what an auditor would compute by hand, not the views the ERP serves. */
export function createErpFigures(office: Pick<TestOffice, 'sql'>) {
  const lines = `erp.invoice_lines l join erp.invoices i using (invoice_no) join erp.customers c on c.customer_id = i.customer_id`
  const single = async (text: string, values: unknown[] = []) => {
    const [row] = await office.sql<{ value: string | null }>(text, values)
    return row?.value ?? null
  }
  return {
    /** The first and last day of the month `monthsAgo` months before the ERP's day. */
    month: async (monthsAgo = 0) => {
      const [row] = await office.sql<{ from: string; to: string }>(
        `select to_char(m, 'YYYY-MM-DD') as from, to_char(m + interval '1 month - 1 day', 'YYYY-MM-DD') as to
         from (select date_trunc('month', day) - make_interval(months => $1) as m from erp.state) s`,
        [monthsAgo],
      )
      if (!row) throw new Error('the demo ERP has no day')
      return row
    },
    sales: ({ from, to }: { from: string; to: string }) =>
      single(`select sum(l.amount)::text as value from ${lines} where i.document_date between $1 and $2`, [from, to]),
    salesOf: (salesperson: string, { from, to }: { from: string; to: string }) =>
      single(
        `select sum(l.amount)::text as value from ${lines} join erp.employees e on e.employee_no = c.salesperson_no
         where e.name = $1 and i.document_date between $2 and $3`,
        [salesperson, from, to],
      ),
    topCustomers: async (count: number, { from, to }: { from: string; to: string }) =>
      office.sql<{ name: string; amount: string }>(
        `select c.name, sum(l.amount)::text as amount from ${lines} where i.document_date between $1 and $2
         group by c.name order by sum(l.amount) desc limit $3`,
        [from, to, count],
      ),
    receivables: () =>
      single(`select sum(amount - paid_amount)::text as value from erp.invoices where amount > paid_amount`),
    stockOf: (code: string) =>
      single(`select sum(quantity)::text as value from erp.stock where item_code = $1`, [code]),
    leaveLeft: (name: string, year: number) =>
      single(
        `select (granted - used)::text as value from erp.leave_balances join erp.employees using (employee_no)
         where name = $1 and year = $2`,
        [name, year],
      ),
    openPurchaseOrders: () => single(`select count(*)::text as value from erp.purchase_orders where status = 'open'`),
    phoneOf: (name: string) => single(`select phone as value from erp.employees where name = $1`, [name]),
  }
}
