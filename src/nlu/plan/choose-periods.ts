import type { BusinessQuery } from '#catalog'
import { addMonths, type DayRange, dayOf, type Unit, unitAround } from '../grammar/calendar.ts'
import type { PeriodReading } from '../grammar/periods.ts'
import { hasCue, piecesOf } from '../pieces.ts'
import type { Sentence } from './sentence.ts'

/** A time as it was said, and the days it stands for here: looking back or ahead. */
export type SaidPeriod = { reading: PeriodReading; range: DayRange }

/** Whether two stretches of time begin together. */
export const isSameStart = (a: DayRange, b: DayRange): boolean => a.from === b.from
const yearBefore = ({ from, to }: DayRange): DayRange => ({
  ...(from === undefined ? {} : { from: addMonths(from, -12) }),
  ...(to === undefined ? {} : { to: addMonths(to, -12) }),
})

/** How an earlier stretch of time relates to a newer one; undefined when neither the unit nor the year before. */
function relationOf(newer: SaidPeriod, older: SaidPeriod): BusinessQuery['compareTo'] {
  if (older.reading.unit === 'year' || isSameStart(yearBefore(newer.range), older.range)) return 'previousYear'
  if (newer.range.from === undefined || older.range.from === undefined) return undefined
  const before = unitAround(newer.range.from, newer.reading.unit, -1)
  return newer.reading.unit === older.reading.unit && before.from === older.range.from ? 'previousPeriod' : undefined
}

/** The whole unit of time in which today lies, of the unit that was compared with. */
function currentUnit(today: number, unit: Unit): SaidPeriod {
  const range = unitAround(today, unit)
  return {
    range,
    reading: {
      start: 0,
      end: 0,
      unit,
      back: range,
      ahead: range,
      isBaseline: false,
      relative: unit === 'day' ? 'today' : `this${unit.charAt(0).toUpperCase()}${unit.slice(1)}`,
    },
  }
}

type Chosen = { main?: SaidPeriod; compareTo?: NonNullable<BusinessQuery['compareTo']>; isConfused: boolean }

/** The days that are in both; undefined when none is. */
function meet(a: DayRange, b: DayRange): DayRange | undefined {
  const from = Math.max(a.from ?? Number.NEGATIVE_INFINITY, b.from ?? Number.NEGATIVE_INFINITY)
  const to = Math.min(a.to ?? Number.POSITIVE_INFINITY, b.to ?? Number.POSITIVE_INFINITY)
  if (from > to) return undefined
  return { ...(Number.isFinite(from) ? { from } : {}), ...(Number.isFinite(to) ? { to } : {}) }
}

const inOrder = (said: readonly SaidPeriod[]): SaidPeriod[] =>
  [...said].sort((a, b) => (a.range.from ?? Number.NEGATIVE_INFINITY) - (b.range.from ?? Number.NEGATIVE_INFINITY))

/** Times that follow one another without a break, as one: 9월, 10월, 11월. Undefined when they don't. */
function chain(said: readonly SaidPeriod[]): { main: SaidPeriod } | undefined {
  const [first, ...rest] = inOrder(said)
  if (!first) return undefined
  let range = first.range
  for (const next of rest) {
    if (range.to === undefined || next.range.from !== range.to + 1) return undefined
    range = { ...range, ...(next.range.to === undefined ? {} : { to: next.range.to }) }
  }
  const { relative: _, ...reading } = first.reading
  return { main: { range, reading } }
}

type Pair = { main?: SaidPeriod; baseline?: SaidPeriod; isConfused?: boolean }

/** Three times and more: the stretch that they make together, or what all of them allow. */
function severalOf(plain: readonly SaidPeriod[]): Pair {
  const [first] = plain
  const both = plain.map(({ range }) => range).reduce<DayRange | undefined>((a, b) => a && meet(a, b), {})
  if (!first || !both) return { ...(chain(plain) ?? { isConfused: true }) }
  const { relative: _, ...reading } = first.reading
  return { main: { range: both, reading } }
}

/** Of two times that don't meet the older is what the newer is compared with; of two that do, what both allow is meant. */
function pairOf(sentence: Sentence, plain: readonly SaidPeriod[]): Pair {
  const [first, second] = plain
  if (!first || !second) return first ? { main: first } : {}
  const compares = hasCue(sentence.pieces, 'compare')
  if (plain.length > 2) return compares ? { isConfused: true } : severalOf(plain)
  const [older, newer] = (first.range.from ?? 0) <= (second.range.from ?? 0) ? [first, second] : [second, first]
  const both = meet(older.range, newer.range)
  if (!both && !compares && hasCue(sentence.pieces, 'total')) {
    return chain(plain) ?? { isConfused: true }
  }
  if (!both || compares) return { main: newer, baseline: older }
  const { relative: _, ...reading } = newer.reading
  return { main: { range: both, reading } }
}

/** 3분기 매출 전분기 대비: what comes before is before the time that is asked about, not before today. */
function saysBefore({ reading }: Sentence, baseline: SaidPeriod): boolean {
  const text = reading.normal.text.slice(baseline.reading.start, baseline.reading.end)
  return (
    baseline.reading.relative?.startsWith('last') === true && /^(?:그\s*)?(?:전|직전|이전)|previous|prior/.test(text)
  )
}

function withBaseline(
  main: SaidPeriod | undefined,
  baseline: SaidPeriod,
  today: number,
  allowDefault: boolean,
): Chosen {
  if (!main && !allowDefault)
    return { compareTo: baseline.reading.unit === 'year' ? 'previousYear' : 'previousPeriod', isConfused: false }
  if (main && (baseline.range.from ?? 0) > (main.range.from ?? 0))
    return withBaseline(baseline, main, today, allowDefault)
  const newer = main ?? currentUnit(today, baseline.reading.unit)
  const compareTo = relationOf(newer, baseline)
  return { main: newer, ...(compareTo ? { compareTo } : {}), isConfused: compareTo === undefined }
}

/** The time that is asked about, and what it is compared with; `isConfused`: times that don't go together. */
export function choosePeriods(sentence: Sentence, said: readonly SaidPeriod[], allowDefault: boolean): Chosen {
  const today = dayOf(sentence.today)
  const comparison = piecesOf(sentence.pieces, 'comparison')[0]?.meaning
  const marked = said.find(({ reading }) => reading.isBaseline)
  const pair = pairOf(
    sentence,
    said.filter(({ reading }) => !reading.isBaseline),
  )
  const main = pair.main
  if (pair.isConfused) return { isConfused: true }
  if (comparison) {
    const period = main ?? (allowDefault ? defaultPeriod(comparison, today) : undefined)
    return { ...(period ? { main: period } : {}), compareTo: comparison.to, isConfused: false }
  }
  const baseline = marked ?? pair.baseline
  if (baseline && main?.reading.unit === baseline.reading.unit && saysBefore(sentence, baseline))
    return { main, compareTo: main.reading.unit === 'year' ? 'previousYear' : 'previousPeriod', isConfused: false }
  return baseline ? withBaseline(main, baseline, today, allowDefault) : { ...(main ? { main } : {}), isConfused: false }
}

/** 전년 동기 with no period is the year so far; 전월 대비 this month. */
function defaultPeriod(
  { to, unit }: { to: 'previousPeriod' | 'previousYear'; unit?: Unit },
  today: number,
): SaidPeriod {
  if (unit) return currentUnit(today, unit)
  return to === 'previousYear' ? yearToDate(today) : currentUnit(today, 'month')
}

function yearToDate(today: number): SaidPeriod {
  const range = { from: unitAround(today, 'year').from, to: today }
  return {
    range,
    reading: { start: 0, end: 0, unit: 'day', back: range, ahead: range, isBaseline: false, relative: 'yearToDate' },
  }
}
