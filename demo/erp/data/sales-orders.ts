import { type Day, daysBetween, isoOf, kindOfDay, tradeLevel, workdayFrom } from './calendar.ts'
import { createPicker, createRandom, type Random } from './random.ts'
import { type Cents, roundToWon } from './table-rows.ts'
import { type Customer, createCosts, type Item, listPrice, type World } from './world.ts'

export type SoldLine = { item: Item; quantity: number; price: Cents; cost: Cents }
export type SalesOrder = {
  day: Day
  due: Day
  ships: Day
  isCancelled: boolean
  customer: Customer
  lines: SoldLine[]
}

const ordersPerWorkday = 27
const minDaysToShip = 1
const maxDaysToShip = 60
/** Few lines mostly: 1, 2, 3 … of them. */
const lineCounts = [20, 20, 18, 14, 11, 8, 6, 3].map((weight, i) => ({ value: i + 1, weight }))

/**
 * The orders in the order in which they came in, from before the start, so that the first days already have something to
 * ship. A day's orders depend on that day alone, not on today.
 */
export function makeOrders(world: World): SalesOrder[] {
  const costOf = createCosts(world.seed)
  const pickCustomer = createPicker(world.customers.map((value) => ({ value, weight: value.weight })))
  const pickItem = createPicker(world.items.map((value) => ({ value, weight: value.trade.popularity })))
  const pickLineCount = createPicker(lineCounts)
  const orders: SalesOrder[] = []
  for (const day of daysBetween(world.start - maxDaysToShip, world.today)) {
    const random = createRandom(world.seed, 'orders', isoOf(day))
    for (let left = countOrders(day, random); left > 0; left -= 1) {
      const customer = pickCustomer(random)
      const isProject = random.chance(0.015)
      const lines = Array.from({ length: pickLineCount(random) }, () =>
        makeLine(day, customer, pickItem(random), random),
      )
      for (const line of lines) {
        if (isProject) line.quantity *= random.int(4, 9)
        line.cost = costOf(line.item, day)
      }
      const due = workdayFrom(day + random.int(4, 26))
      const ships = Math.min(day + maxDaysToShip, Math.max(day + minDaysToShip, due + daysOffPlan(random)))
      orders.push({ day, due, ships, isCancelled: random.chance(0.025), customer, lines })
    }
  }
  return moveWeekends(orders)
}

function countOrders(day: Day, random: Random): number {
  const kind = kindOfDay(day)
  if (kind === 'rest') return random.int(1, 2)
  if (kind === 'saturday') return random.int(2, 4)
  return Math.round(ordersPerWorkday * tradeLevel(day) * (0.8 + random.float() * 0.4))
}

/** Mostly a little early, sometimes a few days late, rarely weeks. */
function daysOffPlan(random: Random): number {
  const luck = random.float()
  if (luck < 0.72) return random.int(-3, 0)
  return luck < 0.92 ? random.int(1, 4) : random.int(5, 25)
}

function makeLine(day: Day, customer: Customer, item: Item, random: Random): SoldLine {
  const quantity = niceQuantity(item.trade.lot * customer.size * random.size())
  const share = 10_000 - customer.discount - random.int(0, 300)
  const exact = (listPrice(item, day) * share) / 10_000
  const step = item.trade.price >= 1_000 ? 10 : 1
  const price = customer.hasDecimals ? Math.round(exact) : Math.max(100, roundToWon(exact, step))
  return { item, quantity, price, cost: 0 }
}

function niceQuantity(exact: number): number {
  const step = exact >= 1_000 ? 100 : exact >= 100 ? 10 : 1
  return Math.max(1, Math.round(exact / step) * step)
}

/** The first few of a weekend's shipments go out; the rest wait for the next workday. */
function moveWeekends(orders: SalesOrder[]): SalesOrder[] {
  const shippedOn = new Map<Day, number>()
  for (const order of orders) {
    const kind = kindOfDay(order.ships)
    if (kind === 'workday' || order.isCancelled) continue
    const before = shippedOn.get(order.ships) ?? 0
    shippedOn.set(order.ships, before + 1)
    if (before >= (kind === 'saturday' ? 4 : 2)) order.ships = workdayFrom(order.ships)
  }
  return orders
}
