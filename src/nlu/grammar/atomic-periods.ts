import { createFinder, type Finder } from '../text/finder.ts'
import { type ClosedRange, type Day, isRealDay, makeDay, type Unit, unitAround, yearOf } from './calendar.ts'

/**
 * A time read without its particles. `back` is the reading that looks back (sales), `ahead` the one that looks forward (due dates);
 * they differ only where the words leave the year or week open. `yearSaid` tells whether a year was named.
 */
export type AtomicPeriod = {
  start: number
  end: number
  unit: Unit
  back: ClosedRange
  ahead: ClosedRange
  yearSaid?: number
  /** What the words leave open, so that it comes from what stands before: the month of 22일, the week of 금요일. */
  open?: 'year' | 'month' | 'week'
  /** The end that goes on: 오늘로부터 최소 2주 후 has no last day. */
  openEnd?: 'from' | 'to'
  /** Words of time that name no days: 2월 30일, 며칠 전. Nothing may be made of them. */
  isUnclear?: true
  /** Stays true as time goes by: `lastWeek`, `last30Days`, `yearToDate`. */
  relative?: string
}

/** What a rule makes of its match. Without `ahead`, looking forward reads the same. */
export type PeriodMade = Omit<AtomicPeriod, 'start' | 'end' | 'back' | 'ahead'> & {
  back: ClosedRange
  ahead?: ClosedRange
}
/** `unclear`: these are words of time, but they name no days. */
export type PeriodRule = {
  finder: Finder
  read: (match: RegExpExecArray, today: Day) => PeriodMade | 'unclear' | undefined
}

/** Makes a rule; `_` in its pattern is optional space. */
export const periodRule = (pattern: string, read: PeriodRule['read']): PeriodRule => ({
  finder: createFinder(new RegExp(pattern.replaceAll('_', '\\s*'))),
  read,
})

/** Days → day-like part of a name: `last7Days`. */
export const capitalize = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

const dayNames = new Map([
  [0, 'today'],
  [-1, 'yesterday'],
  [1, 'tomorrow'],
])
const sideNames = new Map([
  [0, 'this'],
  [-1, 'last'],
  [1, 'next'],
])

function relativeName(unit: Unit, offset: number): string {
  const day = unit === 'day' ? dayNames.get(offset) : undefined
  if (day) return day
  const side = sideNames.get(offset)
  if (side) return `${side}${capitalize(unit)}`
  return offset < 0 ? `${-offset}${capitalize(unit)}sAgo` : `in${offset}${capitalize(unit)}s`
}

/** The unit `offset` units from now. */
export const unitFromNow = (today: Day, unit: Unit, offset: number): PeriodMade => ({
  unit,
  back: unitAround(today, unit, offset),
  relative: relativeName(unit, offset),
})

/** The year of a unit whose year was not said: the latest that has begun, and the first that has not ended. */
function withOpenYear(today: Day, unit: Unit, make: (year: number) => ClosedRange): PeriodMade {
  const year = yearOf(today)
  const current = make(year)
  const now = unitAround(today, unit === 'day' ? 'month' : unit)
  return {
    unit,
    back: current.from > now.to ? make(year - 1) : current,
    ahead: current.to < now.from ? make(year + 1) : current,
    open: 'year',
  }
}

/** Years that anybody asks about; 0000년 and 247년 are slips. */
export const isYear = (year: number): boolean => year >= 1000 && year < 3000

/** 26 is 2026, 89 is 1989. */
export const fullYear = (twoDigits: number): number => twoDigits + (twoDigits <= 50 ? 2000 : 1900)

/** One day, looking back and ahead alike. */
export const oneDay = (day: Day): PeriodMade => ({ unit: 'day', back: { from: day, to: day } })

/** The nth month, quarter or half of a year; undefined when there is no such one. */
export function unitOfYear(today: Day, unit: Unit, index: number, year?: number): PeriodMade | undefined {
  const size = unit === 'month' ? 1 : unit === 'quarter' ? 3 : 6
  if (index < 1 || index * size > 12 || (year !== undefined && !isYear(year))) return undefined
  const make = (y: number) => unitAround(makeDay(y, (index - 1) * size + 1, 1), unit)
  return year === undefined ? withOpenYear(today, unit, make) : { unit, back: make(year), yearSaid: year }
}

/** A calendar day, if it exists. */
export function dayOfYear(today: Day, month: number, date: number, year?: number): PeriodMade | 'unclear' {
  if (!isRealDay(year ?? 2024, month, date) || (year !== undefined && !isYear(year))) return 'unclear'
  const make = (y: number): ClosedRange => ({ from: makeDay(y, month, date), to: makeDay(y, month, date) })
  return year === undefined ? withOpenYear(today, 'day', make) : { unit: 'day', back: make(year), yearSaid: year }
}

const unclear: PeriodMade = { unit: 'day', back: { from: 0, to: 0 }, isUnclear: true }

/** Runs rules over a lower-case text. Readings may overlap; the caller keeps the longest. */
export function runPeriodRules(list: readonly PeriodRule[], text: string, today: Day): AtomicPeriod[] {
  const found: AtomicPeriod[] = []
  for (const { finder, read } of list) {
    for (const match of finder.all(text)) {
      const reading = read(match, today)
      if (!reading) continue
      const lead = match[0].length - match[0].trimStart().length
      const made = reading === 'unclear' ? unclear : reading
      found.push({
        ahead: made.back,
        ...made,
        start: match.index + lead,
        end: match.index + match[0].trimEnd().length,
      })
    }
  }
  return found
}
