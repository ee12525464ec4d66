import { Exact, readExact } from './decimal.ts'
import { aggregateName, type GroupTest } from './erp-connector.ts'
import type { Comparison, Filter, Literal } from './filter.ts'
import type { Cell, Row } from './query-answer.ts'

/** Whether a record passes, as OData defines it: nothing compares with a missing value but ne. */
export function holds(filter: Filter, record: Row): boolean {
  if (filter.is === 'every') return filter.of.every((part) => holds(part, record))
  if (filter.is === 'some') return filter.of.some((part) => holds(part, record))
  const left = record[filter.field] ?? null
  if (filter.is === 'contains') return typeof left === 'string' && left.includes(filter.text)
  const { right } = filter
  if ('field' in right) {
    const other = record[right.field] ?? null
    // Only numbers and dates are compared between fields, and a date spells no number.
    const isNumber = [left, other].every((cell) => cell === null || readExact(String(cell)) !== undefined)
    return compare(left, filter.operator, other, isNumber ? 'number' : 'date')
  }
  return compare(left, filter.operator, right.value, right.type)
}

/** Whether a group passes a condition on its aggregates. */
export function groupHolds({ left, operator, right }: GroupTest, row: Row): boolean {
  const value = typeof right === 'string' ? right : (row[aggregateName(right)] ?? null)
  return compare(row[aggregateName(left)] ?? null, operator, value, 'number')
}

function compare(a: Cell, operator: Comparison, b: Cell, type: Literal['type']): boolean {
  if (a === null || b === null) return operator === 'ne' ? a !== b : operator === 'eq' && a === b
  const order = type === 'number' ? new Exact(String(a)).comparedTo(new Exact(String(b))) : a < b ? -1 : a > b ? 1 : 0
  return { eq: order === 0, ne: order !== 0, lt: order < 0, lte: order <= 0, gt: order > 0, gte: order >= 0 }[operator]
}
