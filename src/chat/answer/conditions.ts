import { type Condition, type Language, type Operator, splitMeasure } from '#catalog'
import { dayText } from './dates.ts'
import { type Exact, groupDigits, moneyText, toExact } from './numbers.ts'
import { type Asked, codeLabel, counterOf, findField, lowerFirst } from './wording.ts'

type Scalar = string | number | boolean
type Words = Record<Operator, string>

const numeric = {
  ko: { eq: '', ne: '제외', lt: '미만', lte: '이하', gt: '초과', gte: '이상', in: '', contains: '포함' },
  en: { eq: '', ne: 'not', lt: 'below', lte: 'at most', gt: 'above', gte: 'at least', in: '', contains: 'contains' },
} satisfies Record<Language, Words>
const counted: Record<Language, Words> = {
  ko: numeric.ko,
  en: { ...numeric.en, lt: 'less than', gt: 'more than' },
}
const dated: Record<Language, Words> = {
  ko: { ...numeric.ko, lt: '전', lte: '까지', gt: '후', gte: '부터' },
  en: { ...numeric.en, lt: 'before', lte: 'until', gt: 'after', gte: 'from' },
}

/** The right side of a condition as a chip shows it: 한빛상사, 100개 미만, 2026.11.23 (월) 전. */
export function conditionText(condition: Condition, asked: Asked): string {
  const { language } = asked
  if (isAny(condition, asked)) return language === 'ko' ? '있음' : 'any'
  const text = valuesText(condition, asked)
  const word = operatorWord(condition, asked)
  if (!word) return text
  if (language === 'en') return `${word} ${text}`
  return word === '까지' || word === '부터' ? text + word : `${text} ${word}`
}

/** Whether a condition only says that there are any: 연체일수 over 0. */
export function isAny([field, operator, value]: Condition, { entity }: Asked): boolean {
  return entity.dimensions[field]?.type === 'number' && (operator === 'gt' || operator === 'ne') && value === 0
}

/** Whether a condition holds two fields against each other, whose plain labels tell them apart: 집행액 above 예산. */
export function comparesFields([, , value]: Condition, { entity }: Asked): boolean {
  return typeof value === 'string' && findField(entity, value) !== undefined
}

/** What a condition compares with, without its operator: 한빛상사·대성기계, 100개, 안전재고. */
export function valuesText([field, , value]: Condition, asked: Asked): string {
  const values = (Array.isArray(value) ? value : [value]).map((each) => valueText(field, each, asked))
  return values.join(asked.language === 'ko' ? '·' : ', ')
}

/** The operator as a chip says it: 초과, more than, until. Empty for what needs none. */
export function operatorWord([field, operator, value]: Condition, asked: Asked): string {
  const { entity, language } = asked
  if (entity.dimensions[field]?.type === 'date') return dated[language][operator]
  const isCounted = typeof value === 'number' && counterOf(field, asked) !== ''
  return (isCounted ? counted : numeric)[language][operator]
}

const personal: Record<string, Record<Language, string>> = {
  '@me': { ko: '나', en: 'me' },
  '@myDepartment': { ko: '우리 부서', en: 'my department' },
  '@today': { ko: '오늘', en: 'today' },
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
  // A limit is said as it was given: 3%, not 3.0%.
  if (type === 'percent') return `${groupDigits(number, 4)}%`
  if (type === 'year') return ko ? `${number.toFixed()}년` : number.toFixed()
  const counter = counterOf(field, asked)
  const digits = groupDigits(number, 4)
  return counter ? `${digits}${ko ? '' : ' '}${counter}` : digits
}

function isNumber(type: string): boolean {
  return ['money', 'quantity', 'days', 'percent', 'number', 'year'].includes(type)
}
