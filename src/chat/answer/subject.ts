import type { Condition } from '#catalog'
import { valuesText, valueText } from './conditions.ts'
import { englishClauses, englishState } from './english-clauses.ts'
import { withJosa } from './josa.ts'
import { being, type Clause, joinClauses, koreanClauses } from './korean-clauses.ts'
import { periodWords } from './period-words.ts'
import {
  type Asked,
  columnLabel,
  groupLabel,
  isFixed,
  isNaming,
  isOwnDate,
  lowerFirst,
  statusBefore,
} from './wording.ts'

/** `groupBy`: the sentence says elsewhere by what it is cut. `ofGroups`: the noun is what the groups are, and conditions speak of their values. */
type Without = { groupBy?: boolean; ofGroups?: boolean }

/** The query as a noun phrase: 이번 달 한빛상사 거래처별 매출 · Sales by customer this month. `noun` is what is counted or summed. */
export function subjectText(noun: string, asked: Asked, without: Without = {}): string {
  const text = asked.language === 'ko' ? koreanSubject(noun, asked, without) : englishSubject(noun, asked, without)
  return asked.language === 'ko' ? text : text.charAt(0).toUpperCase() + text.slice(1)
}

/** Groups that the noun phrase names: none where one value is fixed, and in Korean none after a clause, which would seem said of them. */
function namedGroups(asked: Asked, without: Without): string[] {
  if (without.groupBy || groupsComeLater(asked)) return []
  const { query } = asked
  return (query.groupBy ?? []).filter((group) => !isFixed(group, query.where)).map((group) => groupLabel(group, asked))
}

/** Whether a sentence has to say by what it is cut after the number: 90일 넘게 연체된 미수금은 모두 …. 거래처별로는 …. */
export function groupsComeLater(asked: Asked): boolean {
  const { query, language } = asked
  if (language === 'en') return false
  const isOtherDate = query.period !== undefined && !isOwnDate(asked)
  return isOtherDate || (query.where ?? []).some((condition) => !isNamed(condition, asked))
}

function koreanSubject(noun: string, asked: Asked, without: Without): string {
  const { query } = asked
  const people = named(asked)
  const clauses = koreanClauses(
    (query.where ?? []).filter((condition) => !isNamed(condition, asked)),
    noun,
    asked,
  )
  const names = people
    .filter((condition) => !isStatus(condition, asked))
    .map((condition) => namesText(condition, asked))
  const statuses = people
    .filter((condition) => isStatus(condition, asked))
    .map((condition) => namesText(condition, asked))
  const said = joinClauses([...otherDate(asked), ...clauses])
  return [
    isOwnDate(asked) ? koreanPeriod(asked) : '',
    ...years(asked).map((condition) => yearText(condition, asked)),
    // 한빛상사 미출하 수주금액이 1억 원을 넘는 품목: it is the amount that is 한빛상사's.
    ...(without.ofGroups
      ? [...names, ...statuses, said]
      : [said, ...names, ...namedGroups(asked, without), ...statuses]),
    noun,
  ]
    .filter(Boolean)
    .join(' ')
}

/** 이번 달, 2026.11.20 이후, 2026.11.20까지의. */
function koreanPeriod({ query, today }: Asked): string {
  if (!query.period) return ''
  const words = periodWords(query.period, today, 'ko')
  if (!query.period.to) return words.replace(/부터$/, ' 이후')
  return query.period.from ? words : `${words}의`
}

/** A date that the records are not of has to be named: 납기일이 이번 주인. */
function otherDate(asked: Asked): Clause[] {
  const { period } = asked.query
  if (!period || isOwnDate(asked)) return []
  const words = koreanPeriod(asked).replace(/까지의$/, '까지')
  return [being(`${withJosa(columnLabel(period.field, asked), '이/가')} ${words}`)]
}

function englishSubject(noun: string, asked: Asked, without: Without): string {
  const { query, today } = asked
  const people = named(asked)
  const isMine = ([, , value]: Condition) => value === '@me' || value === '@myDepartment'
  const mine = people.find(isMine)
  const statuses = people.filter((condition) => isStatus(condition, asked))
  const names = people.filter((condition) => !isMine(condition) && !statuses.includes(condition))
  const others = (query.where ?? []).filter((condition) => !isNamed(condition, asked))
  const clauses = others.filter((condition) => englishState(condition, asked) === undefined)
  const states = [
    ...others.map((condition) => englishState(condition, asked)).filter((state) => state !== undefined),
    ...statuses.map((condition) => namesText(condition, asked).toLowerCase()),
  ]
  const whose = names.length > 0 ? `for ${names.map((condition) => namesText(condition, asked)).join(', ')}` : ''
  const having = englishClauses(clauses, noun, asked)
  const groups = namedGroups(asked, without).map((group) => group.slice('by '.length))
  const period = query.period
  const word = period ? periodWords(period, today, 'en') : ''
  return [
    mine ? (mine[2] === '@me' ? 'my' : 'my department’s') : '',
    ...(without.ofGroups ? [] : states),
    mine || (states.length > 0 && !without.ofGroups) ? lowerFirst(noun) : noun,
    groups.length > 0 ? `by ${groups.join(' and ')}` : '',
    ...(without.ofGroups ? [having, whose] : [whose, having]),
    without.ofGroups && states.length > 0 ? `(${states.join(', ')})` : '',
    period && !isOwnDate(asked) ? `with ${lowerFirst(columnLabel(period.field, asked))}` : '',
    englishPeriod(word),
    ...years(asked).map((condition) => englishPeriod(yearText(condition, asked))),
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

function namesText(condition: Condition, asked: Asked): string {
  const [field, , value] = condition
  if (asked.language === 'en') return valuesText(condition, asked)
  if (value === '@me') return isActing(field, asked) ? `내가 ${columnLabel(field, asked)}인` : '내'
  const values = Array.isArray(value) ? value : [value]
  const isLast = (i: number) => i === values.length - 1
  return values
    .map((each, i) =>
      isStatus(condition, asked) && isLast(i) ? statusBefore(field, each, asked) : valueText(field, each, asked),
    )
    .join('·')
}

/** A year as a period is called: 올해, 2024년. */
function yearText(condition: Condition, asked: Asked): string {
  const year = condition[2]
  if (Array.isArray(year)) return valuesText(condition, asked)
  return periodWords({ field: condition[0], from: `${year}-01-01`, to: `${year}-12-31` }, asked.today, asked.language)
}

/** 내 결재 would be mine as requester; as approver it must be said. */
function isActing(field: string, { entity }: Asked): boolean {
  return entity.me !== undefined && field !== entity.me
}
