import { type Day, firstOfMonth, isoOf, monthOf, yearOf } from './calendar.ts'
import { type Claim, maySpend, useOf } from './expenses.ts'
import { createRandom } from './random.ts'
import { moneyText, type TableRows } from './table-rows.ts'
import type { World } from './world.ts'

/**
 * A budget for every month, department and account that spends: most leave 5 to 30 % of it, a few are overdrawn. It is made
 * from the whole month's claims, so that a running month shows less spent than planned, as it should.
 */
export function budgetTable(world: World, claims: Claim[]): TableRows {
  const spent = sumClaims(claims)
  const { departments, expenseAccounts } = world.company
  const cells = departments.flatMap((department, d) =>
    expenseAccounts
      .map((account, a) => ({ department, departmentId: d + 1, account, accountId: a + 1 }))
      .filter(({ account }) => maySpend(department, account)),
  )
  const rows = monthsOf(world).flatMap((month) =>
    cells.map(({ department, departmentId, account, accountId }) => {
      const key = cellKey(month, department, account)
      const amount = plannedAmount(account, spent.get(key) ?? 0, createRandom(world.seed, 'budget', key).float)
      return { departmentId, accountId, month, amount }
    }),
  )
  return {
    table: 'budgets',
    columns: ['budget_id', 'department_id', 'account_id', 'month', 'amount'],
    rows: rows.map(({ departmentId, accountId, month, amount }, i) => [
      i + 1,
      departmentId,
      accountId,
      isoOf(month),
      moneyText(amount * 100),
    ]),
  }
}

/** Won, in steps of 10,000. */
function plannedAmount(account: string, spent: number, float: () => number): number {
  const isOverdrawn = float() < 0.08
  const rate = isOverdrawn ? 1.06 + float() * 0.22 : 0.74 + float() * 0.23
  const least = Math.ceil(useOf(account).from / 10_000) * 10_000
  return Math.max(least, Math.round(spent / rate / 10_000) * 10_000)
}

function sumClaims(claims: Claim[]): Map<string, number> {
  const spent = new Map<string, number>()
  for (const { day, employee, account, amount } of claims) {
    const key = cellKey(day, employee.department, account)
    spent.set(key, (spent.get(key) ?? 0) + amount)
  }
  return spent
}

const cellKey = (day: Day, department: string, account: string) => `${isoOf(day).slice(0, 7)}|${department}|${account}`

/** From the first month of the data to December of this year. */
function monthsOf({ start, today }: World): Day[] {
  const count = (yearOf(today) - yearOf(start) + 1) * 12
  return Array.from({ length: count }, (_, i) => firstOfMonth(yearOf(start), monthOf(start) + i))
}
