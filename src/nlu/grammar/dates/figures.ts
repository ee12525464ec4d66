import {
  dayOfYear,
  fullYear,
  type PeriodMade,
  type PeriodRule,
  periodRule as rule,
  unitOfYear,
} from '../atomic-periods.ts'
import { type Day, isRealDay } from '../calendar.ts'
import { onWeekday, weekdayAfter } from './weekday-after.ts'

type Read = PeriodMade | 'unclear' | undefined

/** A date written in figures; unclear when there is no such day. */
function inFigures(today: Day, year: number, month: number, date: number): Read {
  return isRealDay(year, month, date) ? dayOfYear(today, month, date, year) : 'unclear'
}

/** Year last, as elsewhere: the month stands first unless it cannot be one (21/04/2016). */
function yearLast(today: Day, year: number, first: number, second: number): Read {
  return first > 12 ? inFigures(today, year, second, first) : inFigures(today, year, first, second)
}

/** A year of two figures stands first, as here, or else last (9-18-15); 1-2-3 has none and is a code. */
function shortFigures(today: Day, said: readonly [string, string, string]): Read {
  const [a, b, c] = [Number(said[0]), Number(said[1]), Number(said[2])]
  if (said[0].length === 2 && isRealDay(fullYear(a), b, c)) return dayOfYear(today, b, c, fullYear(a))
  if (said[2].length !== 2) return undefined
  return isRealDay(fullYear(c), a, b) ? dayOfYear(today, a, b, fullYear(c)) : 'unclear'
}

/** What makes figures an amount. */
export const notDate = '(?:원|개|건|명|%|퍼센트|프로|만|억|천|,\\d|\\.\\d)'

/** Dates and months in figures: 2026-03-05, 26/3/5, 3/5, 20260305, 2026.3. */
export const figureRules: PeriodRule[] = [
  rule(`(?<![\\d.-])(\\d{4})[-./]_?(1[0-2]|0?[1-9])[-./]_?(3[01]|[12]\\d|0?[1-9])(?!\\d)\\.?`, (m, today) =>
    inFigures(today, Number(m[1]), Number(m[2]), Number(m[3])),
  ),
  rule(`(?<![\\d./-])(20\\d\\d)[-./](1[0-2]|0?[1-9])(?![\\d./-])(?!_${notDate})`, (m, today) =>
    unitOfYear(today, 'month', Number(m[2]), Number(m[1])),
  ),
  rule(`(?<![\\d./a-z-])(20\\d\\d)(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])(?![\\d.,a-z-])(?!_${notDate})`, (m, today) =>
    inFigures(today, Number(m[1]), Number(m[2]), Number(m[3])),
  ),
  rule(
    `(?<![\\d./-])(1[0-2]|0?[1-9])/(3[01]|[12]\\d|0?[1-9])(?![\\d/.-])(?!_?(?:이상|이하|초과|미만|넘|[을를만]))${weekdayAfter}`,
    (m, today) => onWeekday(dayOfYear(today, Number(m[1]), Number(m[2])), m[3]),
  ),
  rule(`(?<![\\d./a-z-])(\\d{1,2})([-./])(\\d{1,2})(?:\\2|,_?)((?:19|20)\\d\\d)(?![\\d./-])`, (m, today) =>
    yearLast(today, Number(m[4]), Number(m[1]), Number(m[3])),
  ),
  rule(`(?<![\\d./a-z-])(\\d{1,2})([-./])_?(\\d{1,2})\\2_?(\\d{1,2})(?![\\d./-])(?!_${notDate})`, (m, today) =>
    shortFigures(today, [m[1] ?? '', m[3] ?? '', m[4] ?? '']),
  ),
]
