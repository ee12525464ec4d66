import type { BusinessQuery, Condition, Period } from '#catalog'
import { addMonths, type DayRange, dayOf, isoOf, type Unit, unitAround } from '../grammar/calendar.ts'
import type { PeriodReading } from '../grammar/periods.ts'
import { hasCue, type Piece, piecesOf } from '../pieces.ts'
import { type Sentence, textAfter, textBetween } from './sentence.ts'

/** What a sentence says about time. `field` without `period`: a date was named (납기) but no time, as in a follow-up. */
export type TimeFilters = {
  period?: Period
  field?: string
  conditions: Condition[]
  compareTo?: NonNullable<BusinessQuery['compareTo']>
  unplaced: string[]
  /** The date words used for the period, so that they are not taken for attributes. */
  used: Set<Piece>
}

type Said = { reading: PeriodReading; range: DayRange }

const pastAfter =
  /^\s*(?:일|일자|기한|기일|날짜)?\s*(?:이|가|을|를|도|은|는)?\s*(?:(?:이미|벌써|한참|다|좀)\s*)?(?:지난|지나|지났|지낫|넘긴|넘겼|넘겨|넘기|넘은|넘어|넘었|넘는|경과|지연|초과|놓친|놓쳤|놓쳐|못\s*맞[춘췄추])/
const notYetAfter =
  /^\s*(?:일|일자|기한|기일|날짜)?\s*(?:이|가|을|를|도|은|는)?\s*(?:아직\s*)?(?:안|못)\s*(?:지[난나났]|넘[긴겼기은었어]?)/
const passedBefore = /\b(?:past|passed|overdue|missed)\s+(?:the\s+|their\s+|its\s+)?$/

/** A date word other than the entity's everyday one: 납기, 입고예정, due. */
function dateField(sentence: Sentence, used: Set<Piece>): { field: string; piece: Piece } | undefined {
  for (const view of sentence.words) {
    if (view.field === undefined || sentence.entity.dimensions[view.field]?.type !== 'date') continue
    used.add(view.piece)
    if (view.field !== sentence.entity.period) return { field: view.field, piece: view.piece }
  }
  return undefined
}

const toPeriod = (field: string, { from, to }: DayRange, relative?: string): Period => ({
  field,
  ...(from === undefined ? {} : { from: isoOf(from) }),
  ...(to === undefined ? {} : { to: isoOf(to) }),
  ...(relative ? { relative } : {}),
})

const isSame = (a: DayRange, b: DayRange): boolean => a.from === b.from
const yearBefore = ({ from, to }: DayRange): DayRange => ({
  ...(from === undefined ? {} : { from: addMonths(from, -12) }),
  ...(to === undefined ? {} : { to: addMonths(to, -12) }),
})

/** How an earlier stretch of time relates to a newer one; undefined when neither the unit nor the year before. */
function relationOf(newer: Said, older: Said): BusinessQuery['compareTo'] {
  if (older.reading.unit === 'year' || isSame(yearBefore(newer.range), older.range)) return 'previousYear'
  if (newer.range.from === undefined || older.range.from === undefined) return undefined
  const before = unitAround(newer.range.from, newer.reading.unit, -1)
  return newer.reading.unit === older.reading.unit && before.from === older.range.from ? 'previousPeriod' : undefined
}

/** The whole unit of time in which today lies, of the unit that was compared with. */
function currentUnit(today: number, unit: Unit): Said {
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

type Chosen = { main?: Said; compareTo?: NonNullable<BusinessQuery['compareTo']>; isConfused: boolean }

/** The days that are in both; undefined when none is. */
function meet(a: DayRange, b: DayRange): DayRange | undefined {
  const from = Math.max(a.from ?? Number.NEGATIVE_INFINITY, b.from ?? Number.NEGATIVE_INFINITY)
  const to = Math.min(a.to ?? Number.POSITIVE_INFINITY, b.to ?? Number.POSITIVE_INFINITY)
  if (from > to) return undefined
  return { ...(Number.isFinite(from) ? { from } : {}), ...(Number.isFinite(to) ? { to } : {}) }
}

/** Of two times that don't meet the older is what the newer is compared with; of two that do, what both allow is meant. */
function pairOf(sentence: Sentence, plain: readonly Said[]): { main?: Said; baseline?: Said } {
  const [first, second] = plain
  if (!first || !second) return first ? { main: first } : {}
  const [older, newer] = (first.range.from ?? 0) <= (second.range.from ?? 0) ? [first, second] : [second, first]
  const both = meet(older.range, newer.range)
  if (!both || hasCue(sentence.pieces, 'compare')) return { main: newer, baseline: older }
  const { relative: _, ...reading } = newer.reading
  return { main: { range: both, reading } }
}

function withBaseline(main: Said | undefined, baseline: Said, today: number, allowDefault: boolean): Chosen {
  if (!main && !allowDefault)
    return { compareTo: baseline.reading.unit === 'year' ? 'previousYear' : 'previousPeriod', isConfused: false }
  if (main && (baseline.range.from ?? 0) > (main.range.from ?? 0))
    return withBaseline(baseline, main, today, allowDefault)
  const newer = main ?? currentUnit(today, baseline.reading.unit)
  const compareTo = relationOf(newer, baseline)
  return { main: newer, ...(compareTo ? { compareTo } : {}), isConfused: compareTo === undefined }
}

function choosePeriods(sentence: Sentence, said: readonly Said[], allowDefault: boolean): Chosen {
  const today = dayOf(sentence.today)
  const comparison = piecesOf(sentence.pieces, 'comparison')[0]?.meaning
  const marked = said.find(({ reading }) => reading.isBaseline)
  const pair = pairOf(
    sentence,
    said.filter(({ reading }) => !reading.isBaseline),
  )
  const main = pair.main
  if (comparison) {
    const period = main ?? (allowDefault ? defaultPeriod(comparison, today) : undefined)
    return { ...(period ? { main: period } : {}), compareTo: comparison.to, isConfused: false }
  }
  const baseline = marked ?? pair.baseline
  return baseline ? withBaseline(main, baseline, today, allowDefault) : { ...(main ? { main } : {}), isConfused: false }
}

/** 전년 동기 with no period is the year so far; 전월 대비 this month. */
function defaultPeriod({ to, unit }: { to: 'previousPeriod' | 'previousYear'; unit?: Unit }, today: number): Said {
  if (unit) return currentUnit(today, unit)
  return to === 'previousYear' ? yearToDate(today) : currentUnit(today, 'month')
}

function yearToDate(today: number): Said {
  const range = { from: unitAround(today, 'year').from, to: today }
  return {
    range,
    reading: { start: 0, end: 0, unit: 'day', back: range, ahead: range, isBaseline: false, relative: 'yearToDate' },
  }
}

/** Time for an entity that has none of its own: a whole year where years are a dimension, nothing for "now", else not answerable. */
function withoutPeriodField(sentence: Sentence, main: Said, result: TimeFilters): void {
  const today = dayOf(sentence.today)
  const year = Object.entries(sentence.entity.dimensions).find(([, dimension]) => dimension.type === 'year')?.[0]
  const { range, reading } = main
  const isWholeYear =
    range.from !== undefined && isSame(unitAround(range.from, 'year'), range) && reading.unit === 'year'
  if (year && isWholeYear && range.from !== undefined) {
    result.conditions.push([year, 'eq', Number(isoOf(range.from).slice(0, 4))])
    return
  }
  const isNow = (range.from ?? today) <= today && (range.to ?? today) >= today
  if (!isNow || reading.unit !== 'day') result.unplaced.push('time')
}

/** 납기 지난: the date is past, and the paper still open. Where days overdue are kept, they say it. */
function pastCondition(sentence: Sentence, field: string): Condition[] {
  const { dimensions } = sentence.entity
  const overdue = Object.keys(dimensions).find((name) => dimensions[name]?.type === 'number')
  if (overdue) return [[overdue, 'gt', 0]]
  const status = Object.entries(dimensions).find(([, dimension]) => dimension.type === 'code')
  const open = status?.[1].type === 'code' ? Object.keys(status[1].values)[0] : undefined
  const saysStatus = sentence.words.some((view) => view.status !== undefined)
  return [
    [field, 'lt', '@today'],
    ...(status && open && !saysStatus ? [[status[0], 'eq', open] satisfies Condition] : []),
  ]
}

/**
 * Reads periods, comparisons and dates gone by. `allowDefault`: a comparison without a period means the current unit.
 * `keptField`: the date field that the turn before was about.
 */
export function readTimeFilters(sentence: Sentence, allowDefault: boolean, keptField?: string): TimeFilters {
  const result: TimeFilters = { conditions: [], unplaced: [], used: new Set() }
  const date = dateField(sentence, result.used)
  if (date) result.field = date.field
  if (date) {
    if (notYetAfter.test(textAfter(sentence.reading, date.piece))) result.unplaced.push('not')
    const before = textBetween(sentence.reading, 0, date.piece.start)
    if (pastAfter.test(textAfter(sentence.reading, date.piece)) || passedBefore.test(before)) {
      result.conditions.push(...pastCondition(sentence, date.field))
      return result
    }
  }
  const field = date?.field ?? keptField ?? sentence.entity.period
  const looksAhead = field !== sentence.entity.period
  const said = piecesOf(sentence.pieces, 'period').map(({ meaning: { period } }) => ({
    reading: period,
    range: looksAhead ? period.ahead : period.back,
  }))
  const { main, compareTo, isConfused } = choosePeriods(sentence, said, allowDefault)
  if (isConfused) result.unplaced.push('comparison')
  if (main && field === undefined) withoutPeriodField(sentence, main, result)
  else if (main && field !== undefined) result.period = toPeriod(field, main.range, main.reading.relative)
  if (compareTo && field === undefined) result.unplaced.push('comparison')
  else if (compareTo) result.compareTo = compareTo
  return result
}
