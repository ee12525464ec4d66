import type { Company } from './company.ts'
import { areaCodes, type CustomerTrade, customerTrades, vendorTrades } from './partner-list.ts'
import { createRandom, type Random } from './random.ts'
import type { Customer, Employee, Item, Vendor } from './world.ts'

const familyNames = [...'김이박최정강조윤장임한오서신권황안송류홍']
const givenNames = ['재훈', '미경', '성수', '영호', '정희', '동욱', '은주', '상철', '현숙', '기태', '수정', '병훈']
/** By rank: the six largest customers, the next ten, the next fourteen, the rest. */
const grades: [upTo: number, name: string, discount: number][] = [
  [6, 'VIP', 1_200],
  [16, '골드', 800],
  [30, '실버', 400],
]

/** The customers, each with the salesperson who serves it: those abroad by overseas sales, the rest by domestic sales. */
export function makeCustomers(company: Company, employees: Employee[], seed: number): Customer[] {
  const trades = company.customers.map((name) => ({ name, trade: customerTrades[name] ?? defaultTrade(company) }))
  const ranked = [...trades].sort((a, b) => b.trade.weight - a.trade.weight)
  const nextDomestic = takeTurns(employees, '국내영업팀')
  const nextOverseas = takeTurns(employees, '해외영업팀')
  const salespeople = new Map(
    ranked.map(({ name, trade }) => [name, trade.region === '해외' ? nextOverseas() : nextDomestic()]),
  )
  return trades.map(({ name, trade }, i) => {
    const random = createRandom(seed, 'customer', name)
    const rank = ranked.findIndex((other) => other.name === name)
    const [, grade, discount] = grades.find(([upTo]) => rank < upTo) ?? [0, '브론즈', 0]
    const salesperson = salespeople.get(name)
    if (!salesperson) throw new Error(`No salesperson for ${name}`)
    return {
      id: `C${String(i + 1).padStart(4, '0')}`,
      name,
      bizNo: trade.abroad ? null : businessNo(random),
      ceo: trade.abroad?.ceo ?? personName(random),
      phone: trade.abroad?.phone ?? telephone(areaCodes[trade.region] ?? '02', random),
      region: trade.region,
      grade,
      salesperson,
      termsDays: trade.abroad ? random.pick([60, 90]) : random.pick([30, 30, 45, 60]),
      weight: trade.weight,
      size: 0.7 + Math.min(trade.weight, 80) / 80,
      discount,
      habit: trade.habit,
      hasDecimals: trade.abroad?.hasDecimals ?? false,
    }
  })
}

type VendorParts = { employees: Employee[]; items: Item[]; seed: number }

/** The vendors, each with the buyer who orders there and the items it delivers. */
export function makeVendors(company: Company, { employees, items, seed }: VendorParts): Vendor[] {
  const nextBuyer = takeTurns(employees, '구매팀')
  return company.vendors.map((name, i) => {
    const random = createRandom(seed, 'vendor', name)
    const trade = vendorTrades[name] ?? { categories: company.categories, weight: 5 }
    return {
      id: `V${String(i + 1).padStart(4, '0')}`,
      name,
      bizNo: trade.abroad ? null : businessNo(random),
      ceo: trade.abroad?.ceo ?? personName(random),
      phone: trade.abroad?.phone ?? telephone(random.pick(Object.values(areaCodes)), random),
      buyer: nextBuyer(),
      termsDays: random.pick([30, 45, 60]),
      weight: trade.weight,
      items: items.filter(({ category }) => trade.categories.includes(category)),
    }
  })
}

const defaultTrade = (company: Company): CustomerTrade => ({
  region: company.regions[0] ?? '서울',
  weight: 5,
  habit: 'prompt',
})

function takeTurns(employees: Employee[], department: string): () => Employee {
  const team = employees.filter((employee) => employee.department === department)
  let turn = 0
  return () => {
    const employee = team[turn % team.length]
    turn += 1
    if (!employee) throw new Error(`${department} has nobody`)
    return employee
  }
}

const personName = (random: Random) => `${random.pick(familyNames)}${random.pick(givenNames)}`
const businessNo = (random: Random) => `${random.int(101, 899)}-81-${random.int(10_000, 99_999)}`
const telephone = (areaCode: string, random: Random) =>
  `${areaCode}-555-${String(random.int(100, 9_999)).padStart(4, '0')}`
