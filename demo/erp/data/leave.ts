import { firstOfMonth, yearOf } from './calendar.ts'
import { createRandom } from './random.ts'
import type { TableRows } from './table-rows.ts'
import type { Employee, World } from './world.ts'

/** Annual leave by employee and year. Of this year's, as much is taken, in half days, as of the year has passed, more or less. */
export function makeLeave(world: World): TableRows {
  const thisYear = yearOf(world.today)
  const rows: TableRows['rows'] = []
  for (let year = yearOf(world.start); year <= thisYear; year += 1) {
    for (const employee of world.employees.filter(({ hired }) => yearOf(hired) <= year)) {
      const random = createRandom(world.seed, 'leave', year, employee.no)
      const granted = grantedDays(employee, year)
      const inTheEnd = granted * (random.chance(0.15) ? 1 : 0.6 + random.float() * 0.38)
      const passed = year < thisYear ? 1 : Math.min(1, yearPassed(world) * (0.8 + random.float() * 0.4))
      const used = Math.floor(inTheEnd * passed * 2) / 2
      rows.push([rows.length + 1, employee.no, year, granted, used])
    }
  }
  return { table: 'leave_balances', columns: ['leave_id', 'employee_no', 'year', 'granted', 'used'], rows }
}

const yearPassed = ({ today }: World) => (today - firstOfMonth(yearOf(today), 1) + 1) / 366

/** 11 days in the first year, then 15, and one more for every two years after the first, up to 25. */
function grantedDays({ hired }: Employee, year: number): number {
  const years = year - yearOf(hired)
  return years < 1 ? 11 : Math.min(25, 15 + Math.floor((years - 1) / 2))
}
