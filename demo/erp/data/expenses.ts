import { type Day, daysBetween, firstOfMonth, isoOf, kindOfDay, yearOf } from './calendar.ts'
import { createNumbering } from './document-no.ts'
import { createPicker, createRandom, type Random } from './random.ts'
import { moneyText, type TableRows } from './table-rows.ts'
import type { Employee, World } from './world.ts'

/** Won of a usual claim, from and to, and how often claims are of this account. */
type AccountUse = { from: number; to: number; weight: number }

const accountUse: Record<string, AccountUse> = {
  여비교통비: { from: 18_000, to: 420_000, weight: 20 },
  접대비: { from: 60_000, to: 650_000, weight: 12 },
  복리후생비: { from: 25_000, to: 380_000, weight: 13 },
  통신비: { from: 30_000, to: 90_000, weight: 9 },
  소모품비: { from: 12_000, to: 260_000, weight: 13 },
  교육훈련비: { from: 90_000, to: 900_000, weight: 6 },
  차량유지비: { from: 40_000, to: 280_000, weight: 9 },
  도서인쇄비: { from: 14_000, to: 160_000, weight: 7 },
  광고선전비: { from: 150_000, to: 2_400_000, weight: 4 },
  지급수수료: { from: 33_000, to: 880_000, weight: 8 },
}
const otherUse: AccountUse = { from: 20_000, to: 300_000, weight: 5 }

/** Entertaining and advertising are the business of sales and of the management. */
const limited: Record<string, string[]> = {
  접대비: ['국내영업팀', '해외영업팀', '구매팀', '경영지원팀'],
  광고선전비: ['국내영업팀', '해외영업팀', '경영지원팀'],
}
const claimsPerWorkday = 17

export const useOf = (account: string): AccountUse => accountUse[account] ?? otherUse
export const maySpend = (department: string, account: string): boolean => limited[account]?.includes(department) ?? true

export type Claim = { day: Day; employee: Employee; account: string; amount: number; status: string }

/** Claims up to the end of the year: those after today are not in the ERP, but a budget is made for all of them. */
export function foreseeClaims(world: World): Claim[] {
  const accounts = world.company.expenseAccounts.map((value) => ({ value, weight: useOf(value).weight }))
  const pickAccount = createPicker(accounts)
  const claims: Claim[] = []
  for (const day of daysBetween(world.start, firstOfMonth(yearOf(world.today) + 1, 1) - 1)) {
    const random = createRandom(world.seed, 'expenses', isoOf(day))
    for (let left = countClaims(day, random); left > 0; left -= 1) {
      const account = pickAccount(random)
      const employee = random.pick(world.employees)
      const { from, to } = useOf(account)
      const amount = Math.round((from + (to - from) * random.float() * random.float()) / 100) * 100
      const status = statusOf(world.today - day, random)
      if (maySpend(employee.department, account) && employee.hired <= day)
        claims.push({ day, employee, account, amount, status })
    }
  }
  return claims
}

function countClaims(day: Day, random: Random): number {
  const kind = kindOfDay(day)
  if (kind === 'workday') return random.int(claimsPerWorkday - 4, claimsPerWorkday + 4)
  return kind === 'saturday' ? random.int(2, 4) : random.int(2, 3)
}

/** Written for a day or two, then waiting, then decided: four in a hundred are turned down. */
function statusOf(age: number, random: Random): string {
  const draftDays = random.int(0, 2)
  const waitDays = random.int(1, 6) + (random.chance(0.02) ? 40 : 0)
  const isRejected = random.chance(0.04)
  if (age < draftDays) return 'draft'
  if (age < draftDays + waitDays) return 'pending'
  return isRejected ? 'rejected' : 'approved'
}

/** The claims made so far. */
export function claimTable(world: World, claims: Claim[]): TableRows {
  const numberOf = createNumbering('EX')
  return {
    table: 'expense_claims',
    columns: ['claim_no', 'document_date', 'employee_no', 'account_id', 'status', 'amount'],
    rows: claims
      .filter(({ day }) => day <= world.today)
      .map(({ day, employee, account, status, amount }) => [
        numberOf(day),
        isoOf(day),
        employee.no,
        world.company.expenseAccounts.indexOf(account) + 1,
        status,
        moneyText(amount * 100),
      ]),
  }
}
