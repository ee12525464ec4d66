import { type Condition, type Language, type Operator, splitMeasure } from '#catalog'
import { dayText } from './dates.ts'
import { pickJosa, withJosa } from './josa.ts'
import { type Exact, groupDigits, moneyText, percentText, toExact } from './numbers.ts'
import { type Asked, codeLabel, columnLabel, counterOf, findField, fullMeasure, lowerFirst } from './wording.ts'

type Scalar = string | number | boolean

const numeric = {
  ko: { eq: '', ne: '제외', lt: '미만', lte: '이하', gt: '초과', gte: '이상', in: '', contains: '포함' },
  en: { eq: '', ne: 'not', lt: 'below', lte: 'at most', gt: 'above', gte: 'at least', in: '', contains: 'contains' },
} satisfies Record<string, Record<Operator, string>>
const dated = {
  ko: { ...numeric.ko, lt: '전', lte: '까지', gt: '후', gte: '부터' },
  en: { ...numeric.en, lt: 'before', lte: 'until', gt: 'after', gte: 'from' },
}

/** The right side of a condition as a chip shows it: 한빛상사, 100개 미만, 2026.11.23 (월) 전. */
export function conditionText([field, operator, value]: Condition, asked: Asked): string {
  const { language } = asked
  const values = (Array.isArray(value) ? value : [value]).map((each) => valueText(field, each, asked))
  const text = values.join(language === 'ko' ? '·' : ', ')
  const word = wordsOf(field, asked)[operator]
  if (!word) return text
  if (language === 'en') return `${word} ${text}`
  return word === '까지' || word === '부터' ? text + word : `${text} ${word}`
}

/** A condition that comes before the noun: 재고수량이 100개 미만인 · with stock below 100. */
export function conditionClause(condition: Condition, asked: Asked): string {
  const [field, operator, value] = condition
  const isNumberOnly = asked.entity.dimensions[field]?.type === 'number'
  const label = labelOf(field, asked)
  const text = conditionText(condition, asked)
  // 연체일수가 0 초과인 says that there are any.
  const isAny = isNumberOnly && operator === 'gt' && value === 0
  if (asked.language === 'en') return isAny ? lowerFirst(label) : `${lowerFirst(label)} ${text}`
  if (isAny) return `${withJosa(label, '이/가')} 있는`
  if (operator === 'ne') {
    const named = text.replace(/ 제외$/, '')
    return `${withJosa(label, '이/가')} ${named}${pickJosa(named, '이/가')} 아닌`
  }
  if (operator === 'contains') {
    const named = text.replace(/ 포함$/, '')
    return `${label}에 ‘${named}’${pickJosa(named, '이/가')} 든`
  }
  return `${withJosa(label, '이/가')} ${text}인`
}

const personal: Record<string, Record<Language, string>> = {
  '@me': { ko: '나', en: 'me' },
  '@myDepartment': { ko: '우리 부서', en: 'my department' },
  '@today': { ko: '오늘', en: 'today' },
}

function labelOf(field: string, asked: Asked): string {
  const isPlainMeasure = asked.language === 'ko' && field in asked.entity.measures
  return isPlainMeasure ? fullMeasure(field, asked) : columnLabel(field, asked)
}

/** One value of a condition: names as they are, codes by label, numbers with their unit, @me as 나. */
export function valueText(field: string, value: Scalar, asked: Asked): string {
  const { entity, language } = asked
  const said = personal[String(value)]
  if (said) return said[language]
  const own = findField(entity, splitMeasure(field).measure)
  const other = typeof value === 'string' && value !== field ? findField(entity, value) : undefined
  if (other && own && isNumber(own.type)) return language === 'ko' ? other.label.ko : lowerFirst(other.label.en)
  if (own?.type === 'date') return dayText(String(value), language)
  const number = toExact(value)
  const isCounted = own ? isNumber(own.type) : field === 'count'
  return number && isCounted ? numberText(number, field, own?.type, asked) : codeLabel(field, value, asked)
}

function numberText(number: Exact, field: string, type: string | undefined, asked: Asked): string {
  const ko = asked.language === 'ko'
  if (type === 'money') return moneyText(number, asked.language)
  if (type === 'percent') return percentText(number)
  if (type === 'year') return ko ? `${number.toFixed()}년` : number.toFixed()
  const counter = counterOf(field, asked)
  const digits = groupDigits(number, 4)
  return counter ? `${digits}${ko ? '' : ' '}${counter}` : digits
}

function wordsOf(field: string, { entity, language }: Asked): Record<Operator, string> {
  return entity.dimensions[field]?.type === 'date' ? dated[language] : numeric[language]
}

function isNumber(type: string): boolean {
  return ['money', 'quantity', 'days', 'percent', 'number', 'year'].includes(type)
}
