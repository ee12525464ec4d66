import { addWorkdays, type Day, daysBetween, isoOf, kindOfDay, tradeLevel } from './calendar.ts'
import { createNumbering } from './document-no.ts'
import { orderLineRows } from './order-lines.ts'
import { paidBy } from './payments.ts'
import { createPicker, createRandom, type Random } from './random.ts'
import { type Cents, moneyText, type TableRows } from './table-rows.ts'
import { createCosts, type Item, type Vendor, type World } from './world.ts'

type Line = { item: Item; quantity: number; price: Cents }
type Purchase = {
  no: string
  day: Day
  due: Day
  arrives: Day
  isCancelled: boolean
  vendor: Vendor
  lines: Line[]
}

const ordersPerWorkday = 7
const daysUntilCancelled = 4

/** Orders to vendors, and the bill that comes with each delivery. */
export function makePurchasing(world: World): TableRows[] {
  const purchases = makePurchases(world)
  const billed = purchases
    .filter(({ arrives, isCancelled }) => !isCancelled && arrives <= world.today)
    .sort((a, b) => a.arrives - b.arrives)
  return [...orderTables(purchases, world.today), billTable(billed, world)]
}

function makePurchases(world: World): Purchase[] {
  const numberOf = createNumbering('PO')
  const costOf = createCosts(world.seed)
  const pickVendor = createPicker(world.vendors.map((value) => ({ value, weight: value.weight })))
  const purchases: Purchase[] = []
  for (const day of daysBetween(world.start, world.today)) {
    const random = createRandom(world.seed, 'purchases', isoOf(day))
    for (let left = countPurchases(day, random); left > 0; left -= 1) {
      const vendor = pickVendor(random)
      const due = addWorkdays(day, random.int(4, 17))
      const arrives = Math.max(
        addWorkdays(day, 1),
        addWorkdays(due, random.chance(0.82) ? random.int(-2, 0) : random.int(1, 9)),
      )
      const items = random.chance(0.3)
        ? [random.pick(vendor.items), random.pick(vendor.items)]
        : [random.pick(vendor.items)]
      const lines = [...new Set(items)].map((item) => {
        const quantity = Math.max(1, Math.round(item.trade.lot * 12 * random.size()))
        return { item, quantity: roundQuantity(quantity), price: costOf(item, day) }
      })
      purchases.push({ no: numberOf(day), day, due, arrives, isCancelled: random.chance(0.02), vendor, lines })
    }
  }
  return purchases
}

function countPurchases(day: Day, random: Random): number {
  const kind = kindOfDay(day)
  if (kind === 'rest') return 1
  if (kind === 'saturday') return random.int(1, 2)
  return Math.max(2, Math.round(ordersPerWorkday * tradeLevel(day) * (0.6 + random.float() * 0.8)))
}

const roundQuantity = (quantity: number) => (quantity >= 500 ? Math.round(quantity / 100) * 100 : quantity)

function statusOf(purchase: Purchase, today: Day): string {
  if (purchase.isCancelled) return purchase.day + daysUntilCancelled <= today ? 'cancelled' : 'open'
  return purchase.arrives <= today ? 'received' : 'open'
}

function orderTables(purchases: Purchase[], today: Day): TableRows[] {
  const lines = purchases.flatMap(({ no, lines }) => lines.map((line) => ({ ...line, no })))
  return [
    {
      table: 'purchase_orders',
      columns: ['order_no', 'document_date', 'due_date', 'vendor_id', 'status'],
      rows: purchases.map((purchase) => [
        purchase.no,
        isoOf(purchase.day),
        isoOf(purchase.due),
        purchase.vendor.id,
        statusOf(purchase, today),
      ]),
    },
    orderLineRows('purchase_order_lines', lines),
  ]
}

/** We pay most bills on the day; a few we are late with. */
function billTable(billed: Purchase[], world: World): TableRows {
  const numberOf = createNumbering('BILL')
  const rows = billed.map(({ no, arrives, vendor, lines }) => {
    const billNo = numberOf(arrives)
    const due = arrives + vendor.termsDays
    const amount = lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0)
    const random = createRandom(world.seed, 'payable', billNo)
    const habit = random.chance(0.12) ? 'slow' : 'prompt'
    const paid = paidBy(world.today, { due, amount, habit }, random)
    return [billNo, no, isoOf(arrives), isoOf(due), vendor.id, moneyText(amount), moneyText(paid)]
  })
  return {
    table: 'bills',
    columns: ['bill_no', 'order_no', 'document_date', 'due_date', 'vendor_id', 'amount', 'paid_amount'],
    rows,
  }
}
