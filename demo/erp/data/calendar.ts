/** A day as its number since 1970-01-01: arithmetic without time zones. */
export type Day = number

const msPerDay = 86_400_000

/** Throws when it is not a day of the calendar. */
export function dayOf(iso: string): Day {
  const ms = Date.parse(`${iso}T00:00:00Z`)
  if (!/^\d{4}-\d{2}-\d{2}$/.test(iso) || Number.isNaN(ms) || isoOf(ms / msPerDay) !== iso) {
    throw new Error(`'${iso}' is not a day such as 2026-11-23.`)
  }
  return ms / msPerDay
}

export const isoOf = (day: Day): string => new Date(day * msPerDay).toISOString().slice(0, 10)
export const yearOf = (day: Day): number => new Date(day * msPerDay).getUTCFullYear()
/** 1 … 12. */
export const monthOf = (day: Day): number => new Date(day * msPerDay).getUTCMonth() + 1
const dayOfMonth = (day: Day): number => new Date(day * msPerDay).getUTCDate()
/** `month` may be past 12: the 13th month is January of the next year. */
export const firstOfMonth = (year: number, month: number): Day => Date.UTC(year, month - 1, 1) / msPerDay

/** Public holidays with a fixed date; those of the lunar calendar are left to the weekends. */
const holidays = ['01-01', '03-01', '05-05', '06-06', '08-15', '10-03', '10-09', '12-25']

/** `Saturday`s see a little work, `Sunday`s and holidays next to none. */
export function kindOfDay(day: Day): KindOfDay {
  const known = kinds.get(day)
  if (known) return known
  const kind = findKind(day)
  kinds.set(day, kind)
  return kind
}

type KindOfDay = 'workday' | 'saturday' | 'rest'
/** Asked for the same thousand days a hundred thousand times. */
const kinds = new Map<Day, KindOfDay>()

function findKind(day: Day): KindOfDay {
  if (holidays.includes(isoOf(day).slice(5))) return 'rest'
  return weekdayOf(day) === 0 ? 'rest' : weekdayOf(day) === 6 ? 'saturday' : 'workday'
}

/** 0 is Sunday; 1970-01-01 was a Thursday. */
const weekdayOf = (day: Day): number => (((day + 4) % 7) + 7) % 7
export const isTuesday = (day: Day): boolean => weekdayOf(day) === 2

/** The day itself or the next workday after it. */
export function workdayFrom(day: Day): Day {
  let next = day
  while (kindOfDay(next) !== 'workday') next += 1
  return next
}

/** `count` workdays after the day, or before it when negative. */
export function addWorkdays(day: Day, count: number): Day {
  const step = Math.sign(count)
  let next = day
  for (let left = Math.abs(count); left > 0; ) {
    next += step
    if (kindOfDay(next) === 'workday') left -= 1
  }
  return next
}

const seasons = [0.93, 0.9, 1.04, 1.02, 0.98, 1.06, 0.98, 0.87, 1.01, 1.07, 1.06, 1.08]

/** How busy the trade is around 1: the month of the year, its last week, and growth of about 5 % a year. */
export function tradeLevel(day: Day): number {
  const season = seasons[monthOf(day) - 1] ?? 1
  const rush = dayOfMonth(day) >= 24 ? 1.12 : 1
  return season * rush * yearlyGrowth(day, 0.05)
}

/** 1 in 2026, more after, less before; linear, so that no power function can round differently elsewhere. */
export function yearlyGrowth(day: Day, rate: number): number {
  return 1 + ((day - firstOfMonth(2026, 1)) / 365.25) * rate
}

/** Every day from `from` to `to`, both included. */
export function* daysBetween(from: Day, to: Day): Generator<Day> {
  for (let day = from; day <= to; day += 1) yield day
}
