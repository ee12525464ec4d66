import { Temporal } from 'temporal-polyfill'
import { readExact } from '../../decimal.ts'
import { type Comparison, every, type Filter, isNever, type Literal } from '../../filter.ts'
import { locateField, type MappedDocument, type Place, recordKey } from './locate-field.ts'

/** A condition as Frappe takes it: document type, field, operator, value. A value is data whatever it contains. */
type Condition = [docType: string, field: string, operator: string, value: unknown]

/** Conditions that all hold, some of which one has to hold, and what has to be tested here. */
export type SplitFilter = { filters: Condition[]; orFilters: Condition[]; rest: Filter }

const operators: Record<Comparison, string> = { eq: '=', ne: '!=', lt: '<', lte: '<=', gt: '>', gte: '>=' }
/** Frappe compares numbers as binary floats, which hold this many digits for certain. */
export const floatDigits = 15

/**
 * Splits a filter into what Frappe's lists can test and the rest. Lists know one set of alternatives, and compare fields with
 * values only. What is sent may let more records pass than the filter, never fewer: `rest` tells them apart.
 */
export function splitFilter(filter: Filter, mapped: MappedDocument): SplitFilter {
  const { set, lines } = mapped
  const filters = mapped.where.map(([field, operator, value]): Condition => [set, field, operator, value])
  // A document without lines has a row of nothing in the joined list; this condition takes it out, and joins in version 15.
  if (lines) filters.push([lines.set, recordKey(mapped).column, 'is', 'set'])
  const split = { filters, orFilters: [] as Condition[], rest: [] as Filter[] }
  for (const part of filter.is === 'every' ? filter.of : [filter]) splitPart(part, mapped, split)
  return { ...split, rest: every(split.rest) }
}

type Splitting = { filters: Condition[]; orFilters: Condition[]; rest: Filter[] }

function splitPart(filter: Filter, mapped: MappedDocument, split: Splitting): void {
  if (filter.is === 'every') {
    for (const part of filter.of) splitPart(part, mapped, split)
  } else if (filter.is === 'some') {
    splitChoice(filter, mapped, split)
  } else {
    const written = writeTest(filter, mapped)
    split.filters.push(...(written?.conditions ?? []))
    if (!written?.isExact) split.rest.push(filter)
  }
}

function splitChoice(filter: Extract<Filter, { is: 'some' }>, mapped: MappedDocument, split: Splitting): void {
  const parts = flattenChoice(filter).filter((part) => !isNever(part))
  const list = oneOf(parts, mapped)
  if (list) {
    split.filters.push(list)
    return
  }
  const written = parts.map((part) => (part.is === 'every' ? undefined : writeTest(part, mapped)))
  const single = written.flatMap((test) => (test?.isExact && test.conditions.length === 1 ? test.conditions : []))
  if (split.orFilters.length === 0 && single.length === parts.length) split.orFilters.push(...single)
  else split.rest.push(filter)
}

function flattenChoice(filter: Extract<Filter, { is: 'some' }>): Exclude<Filter, { is: 'some' }>[] {
  return filter.of.flatMap((part) => (part.is === 'some' ? flattenChoice(part) : [part]))
}

/** Values of one text field as a list. Version 15 trims what is in lists, so a text with blanks around it is in none. */
function oneOf(parts: Filter[], mapped: MappedDocument): Condition | undefined {
  const [first] = parts
  if (first?.is !== 'comparison') return undefined
  const place = locateField(mapped, first.field)
  if (place.at === 'link') return undefined
  const values = parts.flatMap((part) => {
    const isText =
      part.is === 'comparison' && part.operator === 'eq' && 'type' in part.right && part.right.type === 'text'
    if (!isText || part.field !== first.field || !('value' in part.right)) return []
    const { value } = part.right
    return value !== '' && value.trim() === value ? [value] : []
  })
  return values.length === parts.length ? [place.docType, place.column, 'in', values] : undefined
}

type Written = { conditions: Condition[]; isExact: boolean }

/** One test in Frappe's words; undefined for one it cannot make. */
function writeTest(filter: Exclude<Filter, { of: Filter[] }>, mapped: MappedDocument): Written | undefined {
  const place = locateField(mapped, filter.field)
  // Version 15 cannot test a field of a linked document, and version 16 only by a notation of its own.
  if (place.at === 'link') return undefined
  if (filter.is === 'contains') return writeContains(place, filter.text)
  const { operator, right } = filter
  if ('field' in right) {
    locateField(mapped, right.field)
    return undefined
  }
  if (right.type === 'date') return writeDate(place, operator, right.value)
  return writeValue(place, operator, right)
}

/**
 * Frappe has no way to say that a percent sign or an underscore is itself: version 15 escapes the escape. They match anything
 * of their length there, and are looked at again here.
 */
function writeContains(place: Place, text: string): Written {
  const pattern = text.toWellFormed().replaceAll('\\', '_')
  return { conditions: [condition(place, 'like', `%${pattern}%`)], isExact: !/[%_]/.test(pattern) }
}

function writeValue(place: Place, operator: Comparison, { type, value }: Literal): Written | undefined {
  if (type === 'number') {
    const isSafe = (readExact(value)?.precision() ?? 0) <= floatDigits
    return isSafe ? { conditions: [condition(place, operators[operator], value)], isExact: true } : undefined
  }
  if (value === '' || !['eq', 'ne'].includes(operator)) return undefined
  return { conditions: [condition(place, operators[operator], value.toWellFormed())], isExact: true }
}

/**
 * A date tests a Date and a Datetime field alike when a day is what begins with it and ends before the next. An empty date
 * counts as year 1 in Frappe and would come before any other.
 */
function writeDate(place: Place, operator: Comparison, date: string): Written | undefined {
  const next = Temporal.PlainDate.from(date).add({ days: 1 }).toString()
  const isSet = condition(place, 'is', 'set')
  const conditions: Partial<Record<Comparison, Condition[]>> = {
    eq: [condition(place, 'between', [date, date])],
    lt: [condition(place, '<', date), isSet],
    lte: [condition(place, '<', next), isSet],
    gt: [condition(place, '>=', next)],
    gte: [condition(place, '>=', date)],
  }
  const found = /^\d{4}-/.test(next) ? conditions[operator] : undefined
  return found && { conditions: found, isExact: true }
}

function condition({ docType, column }: Place, operator: string, value: unknown): Condition {
  return [docType, column, operator, value]
}
