import { type Condition, splitMeasure } from '#catalog'
import { conditionClause, valueText } from './conditions.ts'
import { withJosa } from './josa.ts'
import { periodWords } from './period-words.ts'
import { type Asked, columnLabel, fullMeasure, groupLabel, isNaming, isOwnDate, lowerFirst } from './wording.ts'

/** Which parts of the query the noun phrase leaves out, because the sentence says them elsewhere. */
type Without = { groupBy?: boolean }

/** The query as a noun phrase: 이번 달 한빛상사 거래처별 매출 · Sales by customer this month. `noun` is what is counted or summed. */
export function subjectText(noun: string, asked: Asked, without: Without = {}): string {
  const text = asked.language === 'ko' ? koreanSubject(noun, asked, without) : englishSubject(noun, asked, without)
  return asked.language === 'ko' ? text : text.charAt(0).toUpperCase() + text.slice(1)
}

function koreanSubject(noun: string, asked: Asked, without: Without): string {
  const { query, today } = asked
  const people = named(asked)
  const period = query.period
  const word = period ? periodWords(period, today, 'ko') : ''
  const isOwn = isOwnDate(asked)
  const clauses = (query.where ?? []).filter((condition) => !isNamed(condition, asked))
  return [
    period && !isOwn ? `${withJosa(columnLabel(period.field, asked), '이/가')} ${word}인` : '',
    isOwn ? word : '',
    ...years(asked).map((condition) => namesText(condition, asked)),
    ...clauses.map((condition) => conditionClause(condition, asked)),
    ...people.filter((condition) => !isStatus(condition, asked)).map((condition) => namesText(condition, asked)),
    ...(without.groupBy ? [] : (query.groupBy ?? []).map((group) => groupLabel(group, asked))),
    ...people.filter((condition) => isStatus(condition, asked)).map((condition) => namesText(condition, asked)),
    noun,
  ]
    .filter(Boolean)
    .join(' ')
}

function englishSubject(noun: string, asked: Asked, without: Without): string {
  const { query, today } = asked
  const people = [...named(asked), ...years(asked)]
  const isMine = ([, , value]: Condition) => value === '@me' || value === '@myDepartment'
  const mine = people.find(isMine)
  const statuses = people.filter((condition) => isStatus(condition, asked))
  const names = people.filter((condition) => !isMine(condition) && !statuses.includes(condition))
  const clauses = (query.where ?? []).filter((condition) => !isNamed(condition, asked))
  const groups = without.groupBy ? [] : (query.groupBy ?? []).map((group) => groupLabel(group, asked).slice(3))
  const period = query.period
  const word = period ? periodWords(period, today, 'en') : ''
  return [
    mine ? (mine[2] === '@me' ? 'my' : 'my department’s') : '',
    ...statuses.map((condition) => namesText(condition, asked).toLowerCase()),
    mine || statuses.length > 0 ? lowerFirst(noun) : noun,
    groups.length > 0 ? `by ${groups.join(' and ')}` : '',
    names.length > 0 ? `for ${names.map((condition) => namesText(condition, asked)).join(', ')}` : '',
    clauses.length > 0 ? `with ${clauses.map((condition) => conditionClause(condition, asked)).join(' and ')}` : '',
    period && !isOwnDate(asked) ? `(${lowerFirst(columnLabel(period.field, asked))}: ${word})` : englishPeriod(word),
  ]
    .filter(Boolean)
    .join(' ')
}

/** "this month" stands alone; a month, a year or dates take a preposition. */
function englishPeriod(word: string): string {
  if (
    /^(January|February|March|April|May|June|July|August|September|October|November|December|Q\d|H\d|\d{4}$)/.test(word)
  )
    return `in ${word}`
  if (/^the past|^the year/.test(word)) return `in ${word}`
  return /^\d/.test(word) ? (/–/.test(word) ? `during ${word}` : `on ${word}`) : word
}

/** Who and what it is about, me first: 내 한빛상사. */
function named(asked: Asked): Condition[] {
  const isMine = ([, , value]: Condition) => value === '@me' || value === '@myDepartment'
  return (asked.query.where ?? [])
    .filter((condition) => isNamed(condition, asked) && !isYear(condition, asked))
    .toSorted((a, b) => Number(isMine(b)) - Number(isMine(a)))
}

/** A year is said like a period: 2025년 내 쓴 연차. */
function years(asked: Asked): Condition[] {
  return (asked.query.where ?? []).filter((condition) => isNaming(condition) && isYear(condition, asked))
}

function isYear([field]: Condition, { entity }: Asked): boolean {
  return entity.dimensions[field]?.type === 'year'
}

function isStatus([field]: Condition, { entity }: Asked): boolean {
  return entity.dimensions[field]?.type === 'code'
}

const tellingTypes = new Set<string | undefined>(['name', 'code', 'documentNo', 'text', 'year'])

/** Whether the value alone says it: a name, a status, a document number; numbers and dates need their field's name. */
function isNamed(condition: Condition, { entity }: Asked): boolean {
  return isNaming(condition) && tellingTypes.has(entity.dimensions[condition[0]]?.type)
}

function namesText([field, , value]: Condition, asked: Asked): string {
  if (asked.language === 'ko' && value === '@me')
    return isActing(field, asked) ? `내가 ${columnLabel(field, asked)}인` : '내'
  const values = Array.isArray(value) ? value : [value]
  return values.map((each) => valueText(field, each, asked)).join(asked.language === 'ko' ? '·' : ', ')
}

/** 내 결재 would be mine as requester; as approver it must be said. */
function isActing(field: string, { entity }: Asked): boolean {
  return entity.me !== undefined && field !== entity.me
}

/** What a measure is called in a sentence: 매출, 남은 연차, 평균 매출액, Leave remaining. */
export function measureNoun(name: string, asked: Asked): string {
  const { entity, language } = asked
  if (name === 'count') return recordsNoun(asked)
  const { prefix, measure } = splitMeasure(name)
  if (language === 'en') return englishMeasure(name, asked)
  const noun = measure === 'count' ? entity.label.ko : koreanMeasure(measure, asked)
  if (prefix === 'share') return `${noun} 비중`
  return prefix ? `${columnLabel(name, asked).split(' ')[0]} ${noun}` : noun
}

function koreanMeasure(measure: string, asked: Asked): string {
  const { entity } = asked
  const isEveryday = entity.everyday[0] === measure && entity.measures[measure]?.label.ko.startsWith(entity.label.ko)
  return isEveryday ? entity.label.ko : fullMeasure(measure, asked)
}

function englishMeasure(name: string, asked: Asked): string {
  const { entity } = asked
  const label = columnLabel(name, asked)
  const own = entity.label.en
  const isOwnWord = own
    .toLowerCase()
    .split(' ')
    .some((word) => label.toLowerCase().includes(word))
  const needsEntity = (entity.kind === 'snapshot' || entity.kind === 'balance') && !isOwnWord
  return needsEntity ? `${own} ${lowerFirst(label)}` : label
}

/** What the records are called: 발주, Purchase orders. */
export function recordsNoun(asked: Asked): string {
  const { entity, language } = asked
  const [first = ''] = entity.columns
  // Balances kept by person are counted in people: 연차 64명 are 직원 64명.
  if (entity.kind === 'snapshot' && entity.counter.ko === '명') {
    return language === 'ko' ? columnLabel(first, asked) : `${columnLabel(first, asked)}s`
  }
  if (language === 'ko') return entity.label.ko
  const isPlural = entity.kind === 'snapshot' || entity.label.en.endsWith('s')
  return isPlural ? entity.label.en : `${entity.label.en}s`
}
