import { Temporal } from 'temporal-polyfill'
import { invalidQuery } from '../errors.ts'
import { type Comparison, every, type Filter, some } from '../filter.ts'

/** What a mapping says of an entity's values. `today` is ISO; days are counted until it. */
export type ValueMapping = {
  values: Record<string, Record<string, string>>
  daysPast: Record<string, string>
  today: string
}

type ValueComparison = Extract<Filter, { is: 'comparison' }>

const always: Filter = every([])
const never: Filter = some([])
/** More days than there are between any two dates of a business. */
const mostDays = 3_650_000

/** A filter in the ERP's values: its words for our codes, dates for numbers of days. Throws QUERY_INVALID. */
export function rewriteFilter(filter: Filter, mapping: ValueMapping): Filter {
  if (filter.is === 'every') return every(filter.of.map((part) => rewriteFilter(part, mapping)))
  if (filter.is === 'some') return some(filter.of.map((part) => rewriteFilter(part, mapping)))
  if (filter.is === 'contains') return filter
  const { field, right } = filter
  const date = ownValue(mapping.daysPast, field)
  if ('field' in right) {
    if (date !== undefined || ownValue(mapping.daysPast, right.field) !== undefined)
      throw invalidQuery(field, 'days since a date compare with numbers only')
    return filter
  }
  if (date !== undefined) return writeDays(date, filter.operator, Number(right.value), mapping.today)
  const words = ownValue(mapping.values, field)
  return words ? writeWords(filter, right.value, words) : filter
}

/** The day from which so many days have passed. */
export function daysBefore(today: string, days: number): string {
  return Temporal.PlainDate.from(today).subtract({ days }).toString()
}

/** Whole days from a date until today; none before it. */
export function daysSince(date: string, today: string): number {
  return Math.max(0, Temporal.PlainDate.from(date).until(Temporal.PlainDate.from(today), { largestUnit: 'days' }).days)
}

function writeWords(filter: ValueComparison, code: string, words: Record<string, string>): Filter {
  const own = Object.keys(words).filter((word) => words[word] === code)
  if (own.length === 0 || !['eq', 'ne'].includes(filter.operator)) return filter
  const tests = own.map((value): Filter => ({ ...filter, right: { type: 'text', value } }))
  return filter.operator === 'eq' ? some(tests) : every(tests)
}

/** A test of the days since a date, which are whole and never below zero, as a test of the date. */
function writeDays(field: string, operator: Comparison, asked: number, today: string): Filter {
  const days = Math.min(Math.max(asked, -1), mostDays)
  const test = (by: Comparison, count: number): Filter => {
    return { is: 'comparison', field, operator: by, right: { type: 'date', value: daysBefore(today, count) } }
  }
  // A date that is there, whichever: nothing compares with one that is missing.
  const isThere: Filter = { is: 'comparison', field, operator: 'gte', right: { type: 'date', value: '0001-01-01' } }
  const atLeast = (count: number) => (count <= 0 ? isThere : test('lte', count))
  const atMost = (count: number) => (count < 0 ? never : test('gte', count))
  const isWhole = Number.isInteger(days)
  if (operator === 'gt') return atLeast(Math.floor(days) + 1)
  if (operator === 'gte') return atLeast(Math.ceil(days))
  if (operator === 'lt') return atMost(Math.ceil(days) - 1)
  if (operator === 'lte') return atMost(Math.floor(days))
  if (operator === 'eq') {
    if (!isWhole || days < 0) return never
    return days === 0 ? atMost(0) : test('eq', days)
  }
  if (!isWhole || days < 0) return always
  return days === 0 ? atLeast(1) : some([atLeast(days + 1), atMost(days - 1)])
}

function ownValue<T>(record: Record<string, T>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}
