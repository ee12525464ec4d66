import { type Day, firstOfMonth, yearlyGrowth, yearOf } from './calendar.ts'
import type { Company } from './company.ts'
import { makeEmployees } from './employees.ts'
import { type ItemTrade, itemTrades } from './item-list.ts'
import { makeCustomers, makeVendors } from './partners.ts'
import { createRandom } from './random.ts'
import { type Cents, roundToWon } from './table-rows.ts'

export type Employee = {
  no: string
  name: string
  department: string
  title: string
  phone: string
  email: string
  hired: Day
}
export type Customer = {
  id: string
  name: string
  bizNo: string | null
  ceo: string
  phone: string
  region: string
  grade: string
  salesperson: Employee
  termsDays: number
  /** Its share of orders, and how large its orders are. */
  weight: number
  size: number
  /** Hundredths of a percent off the list price. */
  discount: number
  habit: 'prompt' | 'slow' | 'late'
  hasDecimals: boolean
}
export type Vendor = {
  id: string
  name: string
  bizNo: string | null
  ceo: string
  phone: string
  buyer: Employee
  termsDays: number
  weight: number
  items: Item[]
}
export type Item = { code: string; name: string; category: string; trade: ItemTrade }

/** The company's master data, and the days the transactions lie between: three whole years before this one, up to today. */
export type World = {
  seed: number
  today: Day
  start: Day
  company: Company
  employees: Employee[]
  customers: Customer[]
  vendors: Vendor[]
  items: Item[]
}

/** Makes the master data. Everything follows from `company`, `today` and `seed`. */
export function makeWorld(company: Company, today: Day, seed: number): World {
  const items = company.items.map(([code, name, category]): Item => ({ code, name, category, trade: tradeOf(code) }))
  const employees = makeEmployees(company, today, seed)
  const customers = makeCustomers(company, employees, seed)
  const vendors = makeVendors(company, { employees, items, seed })
  return { seed, today, start: firstOfMonth(yearOf(today) - 3, 1), company, employees, customers, vendors, items }
}

function tradeOf(code: string): ItemTrade {
  return itemTrades[code] ?? { price: 30_000, costShare: 0.65, lot: 20, popularity: 3 }
}

/** The list price on a day; it rises by about 3 % a year, each January. */
export function listPrice(item: Item, day: Day): Cents {
  const step = item.trade.price >= 1_000 ? 10 : 1
  const inYear = item.trade.price * 100 * yearlyGrowth(firstOfMonth(yearOf(day), 1), 0.03)
  return Math.max(100, roundToWon(inYear, step))
}

/** What one piece costs us in a month: the category's share of the list price, give or take 4 %. */
export function createCosts(seed: number): (item: Item, day: Day) => Cents {
  const known = new Map<string, Cents>()
  return (item, day) => {
    const month = Math.floor((day - firstOfMonth(2020, 1)) / 30)
    const key = `${item.code}|${month}`
    const found = known.get(key)
    if (found !== undefined) return found
    const wobble = 0.96 + createRandom(seed, 'cost', key).float() * 0.08
    const cost = Math.max(100, roundToWon(listPrice(item, day) * item.trade.costShare * wobble, 1))
    known.set(key, cost)
    return cost
  }
}
