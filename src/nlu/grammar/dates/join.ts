import type { AtomicPeriod } from '../atomic-periods.ts'
import { type ClosedRange, type Day, isRealDay, makeDay, monthOf, unitAround, yearOf } from '../calendar.ts'
import type { PeriodReading } from '../periods.ts'

const dateOf = (day: Day): number => day - unitAround(day, 'month').from + 1

function atYear(one: AtomicPeriod, range: ClosedRange, year: number): ClosedRange {
  const by = year - yearOf(range.from)
  const move = (day: Day): Day => makeDay(yearOf(day) + by, monthOf(day), dateOf(day))
  const from = move(range.from)
  return { from, to: one.unit === 'day' ? move(range.to) : unitAround(from, one.unit).to }
}

/** 22일 after 11월 4일 is of November, or else of the month after. */
function dateAfter(from: Day, date: number): ClosedRange | undefined {
  for (const months of [0, 1]) {
    const start = makeDay(yearOf(from), monthOf(from) + months, 1)
    const day = start + date - 1
    if (isRealDay(yearOf(start), monthOf(start), date) && day >= from) return { from: day, to: day }
  }
  return undefined
}

/** Where a time stands that is said after another one, which fills in what its own words leave open. */
function placeAfter(
  first: AtomicPeriod,
  { from }: ClosedRange,
  second: AtomicPeriod,
  range: ClosedRange,
): ClosedRange | undefined {
  if (second.open === 'month') return dateAfter(from, dateOf(range.from))
  if (second.open === 'week') {
    const length = range.to - range.from
    const start = unitAround(from, 'week').from + (range.from - unitAround(range.from, 'week').from)
    const day = start < from ? start + 7 : start
    return { from: day, to: day + length }
  }
  if (second.open === undefined) return range.to >= from ? range : undefined
  const moved = first.yearSaid === undefined ? range : atYear(second, range, first.yearSaid)
  return moved.to < from ? atYear(second, moved, yearOf(from) + (endsBefore(second, moved, from) ? 1 : 0)) : moved
}

/** Whether the time of the same year as `from` is over by then. */
const endsBefore = (one: AtomicPeriod, range: ClosedRange, from: Day): boolean =>
  atYear(one, range, yearOf(from)).to < from

/** 20일부터 11월 10일까지: a bare date takes the month of what follows it, or the one before. */
function placeBefore(first: AtomicPeriod, range: ClosedRange, second: ClosedRange): ClosedRange {
  if (first.open !== 'month') return range
  const date = dateOf(range.from)
  const start = unitAround(second.to, 'month', date <= dateOf(second.to) ? 0 : -1).from
  return { from: start + date - 1, to: start + date - 1 }
}

type Ends = { from: Day; to: Day }

function span(first: AtomicPeriod, second: AtomicPeriod, side: 'back' | 'ahead'): Ends | undefined {
  const isDated = first.open === 'month' && second.open !== 'month'
  const start = isDated ? placeBefore(first, first[side], second[side]) : first[side]
  const end = isDated ? second[side] : placeAfter(first, start, second, second[side])
  return end && end.to >= start.from ? { from: start.from, to: end.to } : undefined
}

/** From the first time's start to the second's end; undefined when it would end before it begins. */
export function join(first: AtomicPeriod, second: AtomicPeriod, today: Day): PeriodReading | undefined {
  if (first.isUnclear || second.isUnclear) return undefined
  const back = span(first, second, 'back')
  if (!back) return undefined
  // A stretch that has begun but not ended is the one meant, also when looking ahead.
  const ahead = back.to >= today ? back : (span(first, second, 'ahead') ?? back)
  return { start: first.start, end: second.end, unit: second.unit, back, ahead, isBaseline: false }
}

/** Times that follow one another without a break, as one: 9월, 10월, 11월. Undefined when they don't. */
export function chain(list: readonly AtomicPeriod[]): PeriodReading | undefined {
  const [first] = list
  const last = list.at(-1)
  if (!first || !last) return undefined
  const unbroken = (side: 'back' | 'ahead'): Ends | undefined => {
    let range = first[side]
    let before = first
    for (const next of list.slice(1)) {
      const placed = placeAfter(before, range, next, next[side])
      if (!placed || placed.from !== range.to + 1) return undefined
      range = { from: range.from, to: placed.to }
      before = next
    }
    return range
  }
  const back = unbroken('back')
  if (!back) return undefined
  return {
    start: first.start,
    end: last.end,
    unit: last.unit,
    back,
    ahead: unbroken('ahead') ?? back,
    isBaseline: false,
  }
}
