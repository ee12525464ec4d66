type Write = (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>

/** Numbers from 0 to below 1 that are the same each time. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

const copyLine = `insert into erp.invoice_lines
  select $1, invoice_no, item_code, quantity, unit_price, amount + 3, cost from erp.invoice_lines where line_id = $2`
const pay = `update erp.invoices set paid_amount = case when paid_amount = amount then 0 else amount end where invoice_no = $1`
const stock = `update erp.stock set quantity = quantity + 1 where stock_id = (select min(stock_id) from erp.stock) + $1`
const claim = `update erp.expense_claims
  set amount = amount + 10, status = case status when 'approved' then 'requested' else 'approved' end where claim_no = $1`

/** What goes on in an office, one transaction at each call: lines written, changed and deleted, payments, stock, claims, customers renamed. */
export async function openOfficeWork(write: Write): Promise<() => Promise<void>> {
  const random = createRandom(7)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const lines = await write('select line_id, invoice_no from erp.invoice_lines order by 1 limit 3000')
  const customers = await write('select customer_id from erp.customers order by 1')
  const claims = await write('select claim_no from erp.expense_claims order by 1 limit 500')
  let nextLine = 90_000_000
  let nextNo = 0
  const kinds: [share: number, work: (line: Record<string, unknown>) => Promise<unknown>][] = [
    [0.35, ({ line_id }) => write('update erp.invoice_lines set amount = amount + 1.25 where line_id = $1', [line_id])],
    [0.2, ({ line_id }) => write(copyLine, [nextLine++, line_id])],
    [0.1, () => write('delete from erp.invoice_lines where line_id = $1', [nextLine - Math.ceil(random() * 50)])],
    [0.1, ({ invoice_no }) => write(pay, [invoice_no])],
    [0.1, () => write(stock, [Math.floor(random() * 50)])],
    [0.1, () => write(claim, [pick(claims).claim_no])],
    [0.045, () => rewrite('phone', pick(customers), `02-${nextNo}`)],
    // Each takes hundreds of its sales lines along.
    [0.005, () => rewrite('name', pick(customers.slice(-4)), `새이름 ${nextNo}`)],
  ]
  async function rewrite(column: string, { customer_id }: Record<string, unknown>, value: string): Promise<void> {
    nextNo += 1
    await write(`update erp.customers set ${column} = $2 where customer_id = $1`, [customer_id, value])
  }
  return async () => {
    let dice = random()
    const line = pick(lines)
    for (const [share, work] of kinds) {
      dice -= share
      if (dice < 0) return void (await work(line))
    }
  }
}
