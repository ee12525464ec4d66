import { addWorkdays, type Day, daysBetween, isoOf, isTuesday, kindOfDay, tradeLevel } from './calendar.ts'
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
const maxDaysToShip = 60
/** Few lines mostly: 1, 2, 3 … of them. */
const lineCounts = [20, 20, 18, 14, 11, 8, 6, 3].map((weight, i) => ({ value: i + 1, weight }))

/**
 * The orders in the order in which they came in, from before the start, so that the first days already have something to
 * ship. A day's orders depend on that day alone, not on today.
 */
export function makeOrders(world: World): SalesOrder[] {
  const order = createOrderMaker(world)
  const orders: SalesOrder[] = []
  for (const day of daysBetween(world.start - maxDaysToShip, world.today)) {
    const random = createRandom(world.seed, 'orders', isoOf(day))
    const ofDay = Array.from({ length: countOrders(day, random) }, () => order.usual(day, random))
    hurry(ofDay, day)
    orders.push(...ofDay)
    if (isTuesday(day)) orders.push(order.project(day, random))
  }
  return orders
}

type MakeOrder = (day: Day, random: Random) => SalesOrder

/** `usual`: some lines of parts. `project`: one line worth tens of millions of won, weeks ahead. */
function createOrderMaker(world: World): { usual: MakeOrder; project: MakeOrder } {
  const costOf = createCosts(world.seed)
  const pickCustomer = createPicker(world.customers.map((value) => ({ value, weight: value.weight })))
  const pickItem = createPicker(world.items.map((value) => ({ value, weight: value.trade.popularity })))
  const pickLineCount = createPicker(lineCounts)
  const projectItems = world.items.filter(({ trade }) => trade.price >= 10_000)
  return {
    usual(day, random) {
      const customer = pickCustomer(random)
      const lines = Array.from({ length: pickLineCount(random) }, () => {
        const item = pickItem(random)
        const quantity = niceQuantity(item.trade.lot * customer.size * random.size())
        return { item, quantity, price: agreePrice(customer, item, day, random), cost: costOf(item, day) }
      })
      const due = addWorkdays(day, random.int(3, 19))
      const ships = Math.min(day + maxDaysToShip, Math.max(day + 1, addWorkdays(due, daysOffPlan(random))))
      return { day, due, ships, isCancelled: random.chance(0.025), customer, lines }
    },
    project(day, random) {
      const customer = pickCustomer(random)
      const item = random.pick(projectItems)
      const price = agreePrice(customer, item, day, random)
      const quantity = niceQuantity((random.int(32, 96) * 100_000_000) / price)
      const due = addWorkdays(day, random.int(12, 22))
      return {
        day,
        due,
        ships: due,
        isCancelled: false,
        customer,
        lines: [{ item, quantity, price, cost: costOf(item, day) }],
      }
    },
  }
}

function countOrders(day: Day, random: Random): number {
  const kind = kindOfDay(day)
  if (kind === 'rest') return random.int(1, 2)
  if (kind === 'saturday') return random.int(2, 4)
  return Math.round(ordersPerWorkday * tradeLevel(day) * (0.8 + random.float() * 0.4))
}

/** In workdays: mostly a little early, sometimes a few late, rarely weeks. */
function daysOffPlan(random: Random): number {
  const luck = random.float()
  if (luck < 0.72) return random.int(-2, 0)
  return luck < 0.92 ? random.int(1, 3) : random.int(4, 18)
}

/** The list price less the customer's discount and a little more, in steps of 1 or 10 won; to the cent for some abroad. */
function agreePrice(customer: Customer, item: Item, day: Day, random: Random): Cents {
  const share = 10_000 - customer.discount - random.int(0, 300)
  const exact = (listPrice(item, day) * share) / 10_000
  if (customer.hasDecimals) return Math.round(exact)
  return Math.max(100, roundToWon(exact, item.trade.price >= 1_000 ? 10 : 1))
}

function niceQuantity(exact: number): number {
  const step = exact >= 1_000 ? 100 : exact >= 100 ? 10 : 1
  return Math.max(1, Math.round(exact / step) * step)
}

/** Spare parts go out the next day, weekend or not: so there is no day on which nothing was sold. */
function hurry(ordersOfDay: SalesOrder[], day: Day): void {
  const count = kindOfDay(day + 1) === 'saturday' ? 4 : 2
  for (const order of ordersOfDay.slice(0, count)) {
    order.due = day + 1
    order.ships = day + 1
    order.isCancelled = false
  }
}
