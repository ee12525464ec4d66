import type { Comparison, Filter, Literal } from '../../filter.ts'

const operators: Record<Comparison, string> = { eq: 'eq', ne: 'ne', lt: 'lt', lte: 'le', gt: 'gt', gte: 'ge' }

/** A filter as an OData expression; undefined when every record passes. `propertyOf` knows the ERP's names of fields. */
export function writeFilter(filter: Filter, propertyOf: (field: string) => string): string | undefined {
  if (filter.is === 'every') {
    const parts = filter.of.flatMap((part) => writeFilter(part, propertyOf) ?? [])
    return parts.length > 0 ? parts.join(' and ') : undefined
  }
  if (filter.is === 'some') {
    const parts = filter.of.map((part) => writeFilter(part, propertyOf))
    // An alternative that everything passes makes the choice no condition at all.
    return parts.includes(undefined) ? undefined : `(${parts.join(' or ')})`
  }
  const property = propertyOf(filter.field)
  if (filter.is === 'contains') return `contains(${property},${writeText(filter.text)})`
  const right = 'field' in filter.right ? propertyOf(filter.right.field) : writeLiteral(filter.right)
  return `${property} ${writeOperator(filter.operator)} ${right}`
}

/** The OData word of a comparison. */
export function writeOperator(operator: Comparison): string {
  return operators[operator]
}

/** A value as OData spells it. Numbers and dates were checked when they became literals; a text is quoted whatever it holds. */
function writeLiteral(literal: Literal): string {
  return literal.type === 'text' ? writeText(literal.value) : literal.value
}

/** In OData a quote is the only character that means something inside quotes, and doubling takes that away. */
function writeText(text: string): string {
  return `'${text.toWellFormed().replaceAll("'", "''")}'`
}
