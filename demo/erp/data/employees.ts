import { romanize } from 'es-hangul'
import { demoAccounts } from '../../accounts.ts'
import { type Day, firstOfMonth, workdayFrom, yearOf } from './calendar.ts'
import type { Company } from './company.ts'
import { createRandom } from './random.ts'
import type { Employee } from './world.ts'

const mailDomain = 'hanbit.example'

/** Whole years in the company when this year began, from and to, by title. */
const tenure: Record<string, [number, number]> = {
  사원: [4, 5],
  대리: [5, 8],
  과장: [8, 12],
  차장: [12, 16],
  부장: [16, 22],
  이사: [20, 26],
}
/** Where this year's newcomers are: not in sales or purchasing, whose people have customers and vendors from the first day. */
const newcomers = ['연구개발팀', '품질관리팀']

/** The employees as `company.json` has them, with numbers, telephones, mail addresses and hire dates. */
export function makeEmployees(company: Company, today: Day, seed: number): Employee[] {
  const mailNames = nameMailboxes(company.employees.map(([name]) => name))
  return company.employees.map(([name, department, title], i) => {
    const random = createRandom(seed, 'employee', name)
    const isNew = title === '사원' && newcomers.includes(department)
    return {
      no: `E${String(i + 1).padStart(4, '0')}`,
      name,
      department,
      title,
      phone: `010-0${random.int(100, 999)}-${random.int(1000, 9999)}`,
      email: `${mailNames.get(name) ?? `e${i + 1}`}@${mailDomain}`,
      hired: isNew ? hireLately(today, random.int(0, 2)) : hireBefore(yearOf(today), tenure[title] ?? [3, 9], random),
    }
  })
}

/** In January or March of this year, or of last year when that day has not come yet. */
function hireLately(today: Day, turn: number): Day {
  const month = turn === 0 ? 1 : 3
  const thisYear = workdayFrom(firstOfMonth(yearOf(today), month))
  return thisYear <= today ? thisYear : workdayFrom(firstOfMonth(yearOf(today) - 1, month))
}

function hireBefore(year: number, [min, max]: [number, number], random: ReturnType<typeof createRandom>): Day {
  return workdayFrom(firstOfMonth(year - random.int(min, max), random.pick([1, 3, 3, 5, 7, 9, 11])))
}

/** The sign-in names of the demo accounts, else the given name in Latin letters, with the family name where two are alike. */
function nameMailboxes(names: string[]): Map<string, string> {
  const logins = new Map(demoAccounts.map(({ name, login }) => [name, login]))
  const given = (name: string) => romanize(name.slice(name.length > 2 && name.startsWith('남궁') ? 2 : 1))
  const taken = new Map<string, number>()
  for (const name of names) taken.set(given(name), (taken.get(given(name)) ?? 0) + 1)
  return new Map(
    names.map((name) => {
      const isShared = (taken.get(given(name)) ?? 0) > 1
      return [name, logins.get(name) ?? (isShared ? `${given(name)}.${romanize(name.slice(0, 1))}` : given(name))]
    }),
  )
}
