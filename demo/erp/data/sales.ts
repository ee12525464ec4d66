import { type Day, isoOf } from './calendar.ts'
import { createNumbering } from './document-no.ts'
import { orderLineRows } from './order-lines.ts'
import { paidBy } from './payments.ts'
import { createRandom } from './random.ts'
import { makeOrders, type SalesOrder, type SoldLine } from './sales-orders.ts'
import { type Cents, moneyText, type TableRows } from './table-rows.ts'
import type { World } from './world.ts'

const daysUntilClosed = 21
const daysUntilCancelled = 3

/** An order before the start has no number: it only explains an early invoice. */
type Numbered = SalesOrder & { no: string | null }

/** Orders, and the invoice each becomes on the day it ships. */
export function makeSales(world: World): TableRows[] {
  const orderNo = createNumbering('SO')
  const orders = makeOrders(world).map((order): Numbered => {
    return { ...order, no: order.day >= world.start ? orderNo(order.day) : null }
  })
  const shipped = orders
    .filter(({ ships, isCancelled }) => !isCancelled && ships >= world.start && ships <= world.today)
    .sort((a, b) => a.ships - b.ships)
  return [...orderTables(orders, world.today), ...invoiceTables(shipped, world)]
}

const amountOf = (lines: SoldLine[]): Cents => lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0)

function statusOf(order: Numbered, today: Day): string {
  if (order.isCancelled && order.day + daysUntilCancelled <= today) return 'cancelled'
  if (order.isCancelled || order.ships > today) return 'open'
  return today - order.ships > daysUntilClosed ? 'closed' : 'shipped'
}

function orderTables(orders: Numbered[], today: Day): TableRows[] {
  const kept = orders.filter(({ no }) => no !== null)
  const lines = kept.flatMap((order) => order.lines.map((line) => ({ ...line, no: order.no })))
  return [
    {
      table: 'sales_orders',
      columns: ['order_no', 'document_date', 'due_date', 'customer_id', 'status'],
      rows: kept.map((order) => [
        order.no,
        isoOf(order.day),
        isoOf(order.due),
        order.customer.id,
        statusOf(order, today),
      ]),
    },
    orderLineRows('sales_order_lines', lines),
  ]
}

function invoiceTables(shipped: Numbered[], world: World): TableRows[] {
  const invoiceNo = createNumbering('INV')
  const invoices = shipped.map((order) => {
    const no = invoiceNo(order.ships)
    const due = order.ships + order.customer.termsDays
    const amount = amountOf(order.lines)
    const random = createRandom(world.seed, 'payment', no)
    return { no, order, due, amount, paid: paidBy(world.today, { due, amount, habit: order.customer.habit }, random) }
  })
  const lines = invoices.flatMap(({ no, order }) => order.lines.map((line) => ({ ...line, no })))
  return [
    {
      table: 'invoices',
      columns: ['invoice_no', 'order_no', 'document_date', 'due_date', 'customer_id', 'amount', 'paid_amount'],
      rows: invoices.map(({ no, order, due, amount, paid }) => [
        no,
        order.no,
        isoOf(order.ships),
        isoOf(due),
        order.customer.id,
        moneyText(amount),
        moneyText(paid),
      ]),
    },
    {
      table: 'invoice_lines',
      columns: ['line_id', 'invoice_no', 'item_code', 'quantity', 'unit_price', 'amount', 'cost'],
      rows: lines.map(({ no, item, quantity, price, cost }, i) => [
        i + 1,
        no,
        item.code,
        quantity,
        moneyText(price),
        moneyText(quantity * price),
        moneyText(quantity * cost),
      ]),
    },
  ]
}
