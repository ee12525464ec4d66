import { type RawBuilder, sql } from 'kysely'
import type { Comparison, Filter, Literal } from '#erp'

const operators: Record<Comparison, string> = { eq: '=', ne: '<>', lt: '<', lte: '<=', gt: '>', gte: '>=' }
const sqlTypes: Record<Literal['type'], string> = { text: 'text', date: 'date', number: 'numeric' }

/** The SQL of a field; throws QUERY_INVALID for one that the copy does not have. */
export type FieldSql = (field: string) => RawBuilder<unknown>

/**
 * A filter as a condition of WHERE. As in OData nothing compares with a missing value, but that it differs from every value;
 * there is no negation, so that unknown is as good as false.
 */
export function writeFilter(filter: Filter, fieldSql: FieldSql): RawBuilder<unknown> {
  if (filter.is === 'every' || filter.is === 'some') {
    const parts = filter.of.map((part) => writeFilter(part, fieldSql))
    if (parts.length === 0) return sql.raw(filter.is === 'every' ? 'true' : 'false')
    return sql`(${sql.join(parts, sql.raw(filter.is === 'every' ? ' and ' : ' or '))})`
  }
  const left = fieldSql(filter.field)
  // No LIKE: what a person types is never a pattern.
  if (filter.is === 'contains') return sql`strpos(${left}, ${filter.text.toWellFormed()}) > 0`
  const { operator, right } = filter
  if ('field' in right) return writeComparison(left, operator, fieldSql(right.field), true)
  return writeComparison(left, operator, sql`${right.value.toWellFormed()}::${sql.raw(sqlTypes[right.type])}`)
}

/** A comparison; between two sides that may both be missing (`canMiss`), those are equal. */
export function writeComparison(
  left: RawBuilder<unknown>,
  operator: Comparison,
  right: RawBuilder<unknown>,
  canMiss = false,
): RawBuilder<unknown> {
  if (operator === 'ne') return sql`${left} is distinct from ${right}`
  if (operator === 'eq' && canMiss) return sql`${left} is not distinct from ${right}`
  return sql`${left} ${sql.raw(operators[operator])} ${right}`
}
