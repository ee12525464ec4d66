import type { Condition } from '#catalog'
import { hasCue, type Meaning, type Piece, piecesOf } from '../pieces.ts'
import { listsRecords } from './choose-groups.ts'
import { isExcluded } from './name-filters.ts'
import { type Sentence, textAfter, textBetween, type WordView } from './sentence.ts'

type Of<K extends Meaning['kind']> = Piece<Extract<Meaning, { kind: K }>>

/** Conditions on numbers and statuses. `subjects`: measure words that only say what is compared; `amounts`: numbers used up. */
export type ValueConditions = {
  conditions: Condition[]
  subjects: Set<Piece>
  amounts: Set<Piece>
  unplaced: string[]
  isMeasured: boolean
  /** The measure that a number's unit alone tells: 천 개 이상 팔린. */
  tested?: string
}

const moneyUnits = new Set(['원', 'won', 'krw'])
const percentUnits = new Set(['%', 'percent', 'pct', '퍼센트', '프로', '퍼'])
const dayUnits = new Set(['일', 'day', 'days'])
const pieceUnits = new Set(['pieces', 'piece', 'pcs', 'unit', 'units', 'ea', '대', '박스'])

/** The number that a comparison word is about: right before it in Korean, right after it in English. */
function amountOf(sentence: Sentence, comparator: Of<'comparator'>): Of<'amount'> | undefined {
  const amounts = piecesOf(sentence.pieces, 'amount')
  const before = amounts.filter((one) => one.end <= comparator.start).at(-1)
  const after = amounts.find((one) => one.start >= comparator.end)
  const near = (text: string): boolean =>
    /^\s*(?:을|를|이|가|도|보다|의|은|는|짜리|정도|a|than|the|of|krw|₩|\$|%)*\s*$/.test(text)
  const isKorean = /[가-힣]/.test(sentence.reading.normal.compact[comparator.start] ?? '')
  if (before && near(textBetween(sentence.reading, before.end, comparator.start)) && (isKorean || !after)) return before
  if (after && near(textBetween(sentence.reading, comparator.end, after.start)) && !isKorean) return after
  return before && near(textBetween(sentence.reading, before.end, comparator.start)) ? before : undefined
}

const isNumeric = (sentence: Sentence, field: string): boolean => {
  const type = sentence.entity.dimensions[field]?.type
  return type === 'number' || type === 'money'
}

/** Fields that a number with this unit can be about, best first. */
function fieldsForUnit(sentence: Sentence, unit: string | undefined): string[] {
  const { measures, dimensions, everyday } = sentence.entity
  const order = [...everyday, ...Object.keys(measures)]
  const byType = (...types: string[]): string[] => order.filter((name) => types.includes(measures[name]?.type ?? ''))
  const numbers = Object.keys(dimensions).filter((name) => dimensions[name]?.type === 'number')
  const money = Object.keys(dimensions).filter((name) => dimensions[name]?.type === 'money')
  if (unit === undefined) return order
  if (moneyUnits.has(unit)) return [...byType('money'), ...money]
  if (percentUnits.has(unit)) return byType('percent')
  if (dayUnits.has(unit)) return [...byType('days'), ...numbers]
  const counted = order.filter((name) => measures[name]?.counter?.ko === unit || measures[name]?.counter?.en === unit)
  return counted.length > 0 ? counted : pieceUnits.has(unit) || unit === '개' ? byType('quantity', 'days') : []
}

const fits = (sentence: Sentence, field: string, unit: string | undefined): boolean =>
  unit === undefined || unit === '개' || fieldsForUnit(sentence, unit).includes(field)

/** What a number is compared with: the numeric word nearest before it, or after it, that can have its unit. */
function subjectOf(
  sentence: Sentence,
  amount: Of<'amount'>,
  isGeneric: (view: WordView) => boolean,
): { field: string; view?: WordView } | undefined {
  const { unit } = amount.meaning
  const numeric = sentence.words.flatMap((view) => {
    const field = view.measure ?? (view.field !== undefined && isNumeric(sentence, view.field) ? view.field : undefined)
    return field === undefined || view.isGrouping ? [] : [{ field, view }]
  })
  const usable = numeric.filter(({ field }) => fits(sentence, field, unit))
  const before = usable.filter(({ view }) => view.piece.end <= amount.start).at(-1)
  const after = usable.find(({ view }) => view.piece.start >= amount.end)
  // 60 | days overdue: the word that the number runs into.
  if (after && unit === undefined && textBetween(sentence.reading, amount.end, after.view.piece.start).trim() === '')
    return after
  const isDay = unit !== undefined && dayUnits.has(unit)
  const best = [before, after].find((one) => one && (!isDay || !isGeneric(one.view))) ?? before ?? after
  if (best) return best
  const [field] = fieldsForUnit(sentence, unit)
  return field === undefined ? undefined : { field }
}

/** The measure that bounds another (safety stock bounds the quantity), if this is one. */
const boundedBy = (sentence: Sentence, measure: string | undefined): string | undefined =>
  measure === undefined ? undefined : sentence.entity.measures[measure]?.boundOf

function compareWithBound(sentence: Sentence, comparator: Of<'comparator'>, found: ValueConditions): boolean {
  const bound =
    sentence.words
      .filter((view) => boundedBy(sentence, view.measure) && view.piece.end <= comparator.start + 1)
      .at(-1) ?? sentence.words.find((view) => boundedBy(sentence, view.measure))
  const bounded = boundedBy(sentence, bound?.measure)
  if (!bound?.measure || !bounded) return false
  found.conditions.push([bounded, comparator.meaning.operator, bound.measure])
  found.subjects.add(bound.piece)
  found.isMeasured = true
  return true
}

/** 10건, 10 orders: the number counts the records themselves, so a condition on it is one on groups of them. */
function countsRecords({ reading, words, entity }: Sentence, amount: Of<'amount'>): boolean {
  const { unit } = amount.meaning
  if (unit === entity.counter.ko || (unit === '건' && entity.kind !== 'master')) return true
  return (
    unit === undefined &&
    entity.kind !== 'snapshot' &&
    words.some(
      ({ isEntity, isGrouping, piece }) =>
        isEntity &&
        !isGrouping &&
        piece.start >= amount.end &&
        /^\s+$/.test(textBetween(reading, amount.end, piece.start)) &&
        /[a-z]/.test(reading.normal.compact[piece.start] ?? ''),
    )
  )
}

const rangeJoin = /^\s*(?:이?상?에서|부터|~|∼|〜|-|–|to|and)\s*$/
const rangeBefore = /\b(?:between|from|ranging from)\s*$/
const rangeAfter = /^\s*(?:사이|까지|범위|구간|대|정도)/

/** Between 5 and 10, 5만원에서 10만원 사이: both ends belong to it. */
function readRanges(sentence: Sentence, found: ValueConditions, isGeneric: (view: WordView) => boolean): void {
  const amounts = piecesOf(sentence.pieces, 'amount')
  amounts.forEach((low, i) => {
    const high = amounts[i + 1]
    if (!high) return
    const between = textBetween(sentence.reading, low.end, high.start)
    const isRange =
      /^\s*[~∼〜]\s*$/.test(between) ||
      rangeBefore.test(textBetween(sentence.reading, 0, low.start)) ||
      rangeAfter.test(textAfter(sentence.reading, high))
    if (!isRange || !rangeJoin.test(between)) return
    const subject = subjectOf(sentence, high.meaning.unit === undefined ? low : high, isGeneric)
    if (!subject || low.meaning.value > high.meaning.value) return
    found.amounts.add(low).add(high)
    takeSubject(sentence, subject, found)
    found.conditions.push([subject.field, 'gte', low.meaning.value], [subject.field, 'lte', high.meaning.value])
  })
}

/** A word that only says what is compared is not asked for; neither is a measure beside the name of the papers it belongs to. */
function takeSubject(
  sentence: Sentence,
  { field, view }: { field: string; view?: WordView },
  found: ValueConditions,
): void {
  if (view && field in sentence.entity.dimensions) found.subjects.add(view.piece)
  if (field in sentence.entity.measures) found.isMeasured = true
  const isPaper = sentence.entity.kind === 'document' || sentence.entity.kind === 'balance'
  const namesPapers = sentence.words.some((other) => other !== view && other.isEntity && !other.isGrouping)
  if (view && isPaper && namesPapers && !view.isEntity) found.subjects.add(view.piece)
}

const minusBefore = /(?:^|[^\p{L}\p{N}])[-−–]\s*$|마이너스\s*$|\bminus\s+$/u

/** A minus before a number that was not read as part of it: what is compared with would be another number. */
const isBelowZero = (sentence: Sentence, amount: Of<'amount'>): boolean =>
  amount.meaning.value >= 0 && minusBefore.test(textBetween(sentence.reading, 0, amount.start))

function readComparisons(sentence: Sentence, found: ValueConditions, isGeneric: (view: WordView) => boolean): void {
  for (const comparator of piecesOf(sentence.pieces, 'comparator')) {
    const amount = amountOf(sentence, comparator)
    if (amount && isBelowZero(sentence, amount)) found.unplaced.push('below zero')
    if (!amount) {
      if (!compareWithBound(sentence, comparator, found) && comparator.meaning.operator !== 'lte') continue
      continue
    }
    found.amounts.add(amount)
    if (countsRecords(sentence, amount)) {
      found.isMeasured = true
      found.conditions.push(['count', comparator.meaning.operator, amount.meaning.value])
      continue
    }
    const subject = subjectOf(sentence, amount, isGeneric)
    if (!subject) {
      found.unplaced.push(textBetween(sentence.reading, amount.start, amount.end))
      continue
    }
    takeSubject(sentence, subject, found)
    if (!subject.view && subject.field in sentence.entity.measures) found.tested = subject.field
    found.conditions.push([subject.field, comparator.meaning.operator, amount.meaning.value])
  }
}

/** 부족, shortage: below the measure that bounds another. */
function readShortage(sentence: Sentence, found: ValueConditions): void {
  if (!hasCue(sentence.pieces, 'shortage') || found.conditions.some(([, , value]) => typeof value === 'string')) return
  // A budget is a bound from above: to be short of it is something else.
  const bounds = listsRecords(sentence.entity) ? Object.entries(sentence.entity.measures) : []
  if (!bounds.some(([, { boundOf }]) => boundOf)) found.unplaced.push('shortage')
  for (const [measure, { boundOf }] of bounds) {
    if (!boundOf) continue
    found.conditions.push([boundOf, 'lt', measure])
    found.isMeasured = true
    for (const view of sentence.words) if (view.measure === measure) found.subjects.add(view.piece)
    return
  }
}

/** 연체, overdue: a number that is only worth a word when it is more than nothing. */
function readAdjectives(sentence: Sentence, found: ValueConditions, ordered: (view: WordView) => boolean): void {
  for (const view of sentence.words) {
    if (view.state) readState(sentence, view, view.state, found)
    const field = view.field
    if (field === undefined || sentence.entity.dimensions[field]?.type !== 'number' || view.isGrouping) continue
    if (
      found.subjects.has(view.piece) ||
      found.conditions.some(([name]) => name === field) ||
      view.isLabel ||
      ordered(view)
    )
      continue
    found.conditions.push([field, isDenied(sentence, view.piece) ? 'lte' : 'gt', 0])
    found.subjects.add(view.piece)
  }
}

function readState(sentence: Sentence, view: WordView, state: Condition, found: ValueConditions): void {
  if (isDenied(sentence, view.piece)) found.unplaced.push('not')
  else found.conditions.push(state)
  found.isMeasured = true
}

const nothingAfter = /^\s*(?:이|가|은|는|도)?\s*(?:하나도\s*|다\s*|전혀\s*)?(?:없는|없이|바닥)/

/** 재고 없는, 연차 없는: none of what is kept for each thing. Of what moves over time there are no records to show. */
function readNothing(sentence: Sentence, found: ValueConditions): void {
  if (!listsRecords(sentence.entity)) return
  for (const view of sentence.words) {
    if (view.measure === undefined || view.state || !nothingAfter.test(textAfter(sentence.reading, view.piece)))
      continue
    found.conditions.push([view.measure, 'eq', 0])
    found.isMeasured = true
  }
}

const noneAfter =
  /^\s*(?:된|되|인)?\s*(?:것|거|건|적|돈|금액)?\s*(?:이|가|은|는|도)?\s*(?:없는|없이|아닌|안\s*된|안\s*되)/

/** 연체 없는, 연체 안 된: without, where a bare word means with. */
const isDenied = (sentence: Sentence, piece: Piece): boolean =>
  isExcluded(sentence, piece) || noneAfter.test(textAfter(sentence.reading, piece))

const comparedAfter = /^\s*(?:대비|보다)/

const notDone = /^\s*(?:이|가|은|는|도)?\s*(?:안|못)\s*(?:된|되|됐|돼|한|했|나)|^\s*(?:되|하)지\s*(?:않|못)/

function readStatuses(sentence: Sentence, found: ValueConditions): void {
  const said = sentence.words.flatMap((view) => (view.status && !view.isGrouping ? [{ ...view.status, view }] : []))
  for (const [field, list] of Map.groupBy(said, (one) => one.field)) {
    // 계획 대비: what is compared with is no condition.
    if (list.some(({ view }) => comparedAfter.test(textAfter(sentence.reading, view.piece)))) found.unplaced.push(field)
    const isNegated = ({ view }: { view: WordView }): boolean =>
      notDone.test(textAfter(sentence.reading, view.piece)) || isExcluded(sentence, view.piece)
    const codes = [...new Set(list.filter((one) => !isNegated(one)).map(({ code }) => code))]
    const [only] = codes
    if (only !== undefined) found.conditions.push(codes.length === 1 ? [field, 'eq', only] : [field, 'in', codes])
    for (const { code } of list.filter(isNegated)) found.conditions.push([field, 'ne', code])
  }
  for (const { view } of said) found.subjects.add(view.piece)
}

/** Every condition that is not on a name. `isGeneric`: the word is the entity's own name; `ordered`: the word says what to sort by. */
export function readValueConditions(
  sentence: Sentence,
  isGeneric: (view: WordView) => boolean,
  ordered: (view: WordView) => boolean,
): ValueConditions {
  const found: ValueConditions = {
    conditions: [],
    subjects: new Set(),
    amounts: new Set(),
    unplaced: [],
    isMeasured: false,
  }
  readRanges(sentence, found, isGeneric)
  readComparisons(sentence, found, isGeneric)
  readShortage(sentence, found)
  readAdjectives(sentence, found, ordered)
  readNothing(sentence, found)
  readStatuses(sentence, found)
  return found
}
