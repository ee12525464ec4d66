/** Whole days as numbers since 1970-01-01: no clock, no time zone. `today` comes in as a day of Asia/Seoul. */
export type Day = number
export type Unit = 'day' | 'week' | 'month' | 'quarter' | 'half' | 'year'
/** Both ends inclusive; a missing end is open. */
export type DayRange = { from?: Day; to?: Day }
export type ClosedRange = { from: Day; to: Day }

const msPerDay = 86_400_000

/** Days are few; to read or write one takes longer than to look it up. */
const mostKept = 10_000
const read = new Map<string, Day>()
const written = new Map<Day, string>()

/** ISO date to day number; NaN when it is no date. */
export function dayOf(iso: string): Day {
  const known = read.get(iso)
  if (known !== undefined) return known
  const day = Math.round(Date.parse(`${iso}T00:00:00Z`) / msPerDay)
  if (read.size < mostKept) read.set(iso, day)
  return day
}

export function isoOf(day: Day): string {
  const known = written.get(day)
  if (known !== undefined) return known
  const iso = new Date(day * msPerDay).toISOString().slice(0, 10)
  if (written.size < mostKept) written.set(day, iso)
  return iso
}

export const yearOf = (day: Day): number => new Date(day * msPerDay).getUTCFullYear()

/** 1 to 12. */
export const monthOf = (day: Day): number => new Date(day * msPerDay).getUTCMonth() + 1

/** Months and days out of range roll over, as calendars do. */
export const makeDay = (year: number, month: number, date: number): Day =>
  Math.round(Date.UTC(year, month - 1, date) / msPerDay)

/** Whether year, month and date name a day that exists. */
export function isRealDay(year: number, month: number, date: number): boolean {
  return month >= 1 && month <= 12 && date >= 1 && makeDay(year, month, date) < makeDay(year, month + 1, 1)
}

/** Monday 0 to Sunday 6. */
export const weekdayOf = (day: Day): number => (((day + 3) % 7) + 7) % 7

const monthsIn: Record<Exclude<Unit, 'day' | 'week'>, number> = { month: 1, quarter: 3, half: 6, year: 12 }

/** The calendar unit that is `offset` units after the one in which `day` lies. Weeks run Monday to Sunday. */
export function unitAround(day: Day, unit: Unit, offset = 0): ClosedRange {
  if (unit === 'day') return { from: day + offset, to: day + offset }
  if (unit === 'week') {
    const from = day - weekdayOf(day) + 7 * offset
    return { from, to: from + 6 }
  }
  const size = monthsIn[unit]
  const first = Math.floor((monthOf(day) - 1) / size) * size + 1 + size * offset
  return { from: makeDay(yearOf(day), first, 1), to: makeDay(yearOf(day), first + size, 1) - 1 }
}

/** The same date `months` later, or the last day of a shorter month. */
export function addMonths(day: Day, months: number): Day {
  const date = new Date(day * msPerDay).getUTCDate()
  const target = makeDay(yearOf(day), monthOf(day) + months, 1)
  const last = makeDay(yearOf(target), monthOf(target) + 1, 1) - 1
  return Math.min(target + date - 1, last)
}

/** The n units that end today: 최근 7일 = today − 6 … today; 최근 3개월 = the day after today − 3 months … today. */
export function lastUnits(today: Day, unit: Unit, count: number): ClosedRange {
  if (unit === 'day' || unit === 'week') return { from: today - count * (unit === 'week' ? 7 : 1) + 1, to: today }
  return { from: addMonths(today, -count * monthsIn[unit]) + 1, to: today }
}

/** The n units that begin today. */
export function nextUnits(today: Day, unit: Unit, count: number): ClosedRange {
  if (unit === 'day' || unit === 'week') return { from: today, to: today + count * (unit === 'week' ? 7 : 1) - 1 }
  return { from: today, to: addMonths(today, count * monthsIn[unit]) - 1 }
}

const thursdayRule = (first: Day): Day => first - weekdayOf(first) + (weekdayOf(first) > 3 ? 7 : 0)

/** The nth Monday-to-Sunday week of a year or month; -1 is the last. The first is the one with its first Thursday (ISO 8601). */
export function weekOf(start: Day, end: Day, nth: number): ClosedRange | undefined {
  const first = thursdayRule(start)
  const past = thursdayRule(end + 1)
  const from = nth < 0 ? past + 7 * nth : first + 7 * (nth - 1)
  return from >= first && from < past ? { from, to: from + 6 } : undefined
}

/** The nth Monday (0) … Sunday (6) of a stretch of days; -1 is the last. */
export function nthWeekday(range: ClosedRange, weekday: number, nth: number): Day | undefined {
  const first = range.from + ((weekday - weekdayOf(range.from) + 7) % 7)
  const last = range.to - ((weekdayOf(range.to) - weekday + 7) % 7)
  const day = nth < 0 ? last + 7 * (nth + 1) : first + 7 * (nth - 1)
  return day >= range.from && day <= range.to ? day : undefined
}
