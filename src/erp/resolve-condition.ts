import type { Condition, Entity } from '#catalog'
import { formatExact, readExact } from './decimal.ts'
import { invalidQuery } from './errors.ts'
import { fieldType, hasField, isRatio, literalType } from './fields.ts'
import { every, type Filter, type Literal, some } from './filter.ts'

type Scalar = string | number | boolean
const isoDate = /^\d{4}-\d{2}-\d{2}$/
const unresolved = ['@me', '@myDepartment', '@today']

/** A condition tested on each record. Throws QUERY_INVALID for an unknown field or a value that does not fit it. */
export function recordFilter(entity: Entity, [field, operator, value]: Condition): Filter {
  const type = literalType(fieldType(entity, field))
  if (isRatio(entity, field)) throw invalidQuery(field, `'${field}' is worked out and cannot be filtered by`)
  if (operator === 'contains') {
    if (type !== 'text' || typeof value !== 'string')
      throw invalidQuery(field, 'contains needs a text field and a text')
    return { is: 'contains', field, text: literal(field, 'text', value).value }
  }
  const values = Array.isArray(value) ? value : [value]
  if (operator === 'in') return some(values.map((one) => compare(entity, field, 'eq', one)))
  if (Array.isArray(value)) {
    // A list says "one of" with eq and "none of" with ne; an order between a value and a list means nothing.
    if (operator === 'eq') return some(values.map((one) => compare(entity, field, 'eq', one)))
    if (operator === 'ne') return every(values.map((one) => compare(entity, field, 'ne', one)))
    throw invalidQuery(field, `${operator} takes one value`)
  }
  return compare(entity, field, operator, value)
}

type ValueComparison = Extract<Filter, { is: 'comparison' }>

function compare(entity: Entity, field: string, operator: ValueComparison['operator'], value: Scalar): Filter {
  const type = literalType(fieldType(entity, field))
  const other = otherField(entity, field, value)
  return { is: 'comparison', field, operator, right: other ? { field: other } : literal(field, type, value) }
}

/** The field a value names: `safetyStock` beside a number. A text beside a text field is always the text itself. */
export function otherField(entity: Entity, field: string, value: unknown): string | undefined {
  if (typeof value !== 'string' || !hasField(entity, value)) return undefined
  const type = literalType(fieldType(entity, field))
  if (type === 'text') return undefined
  if (literalType(fieldType(entity, value)) !== type)
    throw invalidQuery(field, `'${field}' and '${value}' do not compare`)
  return value
}

/** A checked value. Numbers become plain decimal texts, dates must exist; a placeholder nobody resolved is refused. */
export function literal(field: string, type: Literal['type'], value: Scalar): Literal {
  const text = String(value)
  if (unresolved.includes(text)) throw invalidQuery(field, `'${text}' was not resolved`)
  if (type === 'text') {
    // No name in an ERP has a control character, and servers answer them with errors that look like faults of their own.
    if (typeof value === 'boolean' || /\p{Cc}/u.test(text)) throw invalidQuery(field, `'${field}' needs a plain text`)
    return { type, value: text }
  }
  if (type === 'date') return { type, value: dateText(field, text) }
  const number = typeof value === 'boolean' ? undefined : readExact(text)
  if (!number) throw invalidQuery(field, `'${field}' needs a number`)
  return { type, value: formatExact(number) }
}

/** An ISO date that is in the calendar. Throws QUERY_INVALID. */
export function dateText(field: string, text: string): string {
  const time = isoDate.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  // 2026-02-30 parses to March in some engines: only a date that comes back the same exists.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text) {
    throw invalidQuery(field, `'${field}' needs a date, YYYY-MM-DD`)
  }
  return text
}
