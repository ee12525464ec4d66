import type { BusinessQuery, Condition, Period } from '#catalog'
import { type DayRange, dayOf, isoOf, unitAround } from '../grammar/calendar.ts'
import { type Piece, piecesOf } from '../pieces.ts'
import { choosePeriods, isSameStart, type SaidPeriod } from './choose-periods.ts'
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

const pastAfter =
  /^\s*(?:일|일자|기한|기일|날짜)?\s*(?:이|가|을|를|도|은|는)?\s*(?:(?:이미|벌써|한참|다|좀)\s*)?(?:지난|지나|지났|지낫|넘긴|넘겼|넘겨|넘기|넘은|넘어|넘었|넘는|경과|지연|초과|놓친|놓쳤|놓쳐|못\s*맞[춘췄추])/
/** 지연, late: the word for the date says itself that it has gone by. */
const lateInside = /지연|늦|지난|미준수|위반|경과|late\b|delay|behind|overdue/
/** 만기 도래: by when must be said. */
const comesSoon = /도래|다가오|닥친|닥쳐|돌아오|coming due/
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

const notMeantAfter = /^\s*(?:은|는|이|가|을|를)?\s*(?:말고|아니라|아니고|대신)/

/** 지지난달 말고 지난달: of several times, those that are not meant are left out. */
function meantPeriods({ pieces, reading }: Sentence) {
  const periods = piecesOf(pieces, 'period')
  const meant = periods.filter((piece) => !notMeantAfter.test(textAfter(reading, piece)))
  return meant.length > 0 ? meant : periods
}

/** 다음 주에 줘야 할 돈: what is open today is not dated ahead, it falls due then. */
function dueOf({ entity, pieces, today }: Sentence): string | undefined {
  if (entity.kind !== 'balance') return undefined
  const times = piecesOf(pieces, 'period').map(({ meaning }) => meaning.period.back.from ?? Number.NEGATIVE_INFINITY)
  if (times.length === 0 || times.some((from) => from <= dayOf(today))) return undefined
  return Object.keys(entity.dimensions).find(
    (name) => name !== entity.period && entity.dimensions[name]?.type === 'date',
  )
}

const toPeriod = (field: string, { from, to }: DayRange, relative?: string): Period => ({
  field,
  ...(from === undefined ? {} : { from: isoOf(from) }),
  ...(to === undefined ? {} : { to: isoOf(to) }),
  ...(relative ? { relative } : {}),
})

/** Time for an entity that has none of its own: a whole year where years are a dimension, nothing for "now", else not answerable. */
function withoutPeriodField(sentence: Sentence, main: SaidPeriod, result: TimeFilters): void {
  const today = dayOf(sentence.today)
  const year = Object.entries(sentence.entity.dimensions).find(([, dimension]) => dimension.type === 'year')?.[0]
  const { range, reading } = main
  const isWholeYear =
    range.from !== undefined && isSameStart(unitAround(range.from, 'year'), range) && reading.unit === 'year'
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
    const isLate = lateInside.test(textBetween(sentence.reading, date.piece.start, date.piece.end))
    if (isLate || pastAfter.test(textAfter(sentence.reading, date.piece)) || passedBefore.test(before)) {
      result.conditions.push(...pastCondition(sentence, date.field))
      return result
    }
  }
  const field = date?.field ?? keptField ?? dueOf(sentence) ?? sentence.entity.period
  const looksAhead = field !== sentence.entity.period
  const said = meantPeriods(sentence).map(({ meaning: { period } }) => ({
    reading: period,
    range: looksAhead ? period.ahead : period.back,
  }))
  const { main, compareTo, isConfused } = choosePeriods(sentence, said, allowDefault)
  if (isConfused) result.unplaced.push('comparison')
  if (
    !main &&
    date &&
    comesSoon.test(textBetween(sentence.reading, date.piece.start, sentence.reading.normal.compact.length))
  )
    result.unplaced.push('time')
  if (main && field === undefined) withoutPeriodField(sentence, main, result)
  else if (main && field !== undefined) result.period = toPeriod(field, main.range, main.reading.relative)
  if (compareTo && field === undefined) result.unplaced.push('comparison')
  else if (compareTo) result.compareTo = compareTo
  return result
}
