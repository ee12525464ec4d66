import type { Condition, Entity } from '#catalog'
import { Exact, formatExact } from './decimal.ts'
import type { GroupTest } from './erp-connector.ts'
import { invalidQuery } from './errors.ts'
import type { Comparison } from './filter.ts'
import { type Measure, type Parts, readMeasure } from './measure.ts'
import { literal, otherField } from './resolve-condition.ts'

/** A condition on a group's total, or on a number worked out of one record: against numbers, or another measure of the same. */
export type GroupCondition = { measure: Measure; operator: Comparison; rights: (Exact | Measure)[] }

/** Reads a condition whose left side is a measure. Throws QUERY_INVALID for a value that is no number and no measure. */
export function readGroupCondition(entity: Entity, [name, operator, value]: Condition): GroupCondition {
  const measure = readMeasure(entity, name)
  if (operator === 'contains') throw invalidQuery(name, 'contains needs a text field')
  const values = Array.isArray(value) ? value : [value]
  if (values.length > 1 && operator !== 'in' && operator !== 'eq')
    throw invalidQuery(name, `${operator} takes one value`)
  const rights = values.map((one) => {
    const other = name === 'count' ? undefined : otherField(entity, stripPrefix(name), one)
    return other ? readMeasure(entity, other) : new Exact(literal(name, 'number', one).value)
  })
  return { measure, operator: operator === 'in' ? 'eq' : operator, rights }
}

/** Whether the aggregates pass. A missing number passes nothing but `ne`. */
export function passes(condition: GroupCondition, parts: Parts, whole: Parts): boolean {
  const left = condition.measure.value(parts, whole)
  return condition.rights.some((right) => {
    const value = right instanceof Exact ? right : right.value(parts, whole)
    if (left === null || value === null) return condition.operator === 'ne'
    return compareNumbers(left, condition.operator, value)
  })
}

/** The same test for the ERP to make, or undefined when only we can. */
export function serverTest({ measure, operator, rights }: GroupCondition): GroupTest | undefined {
  const [right] = rights
  if (!measure.direct || !right || rights.length > 1) return undefined
  if (right instanceof Exact) return { left: measure.direct, operator, right: formatExact(right) }
  return right.direct && { left: measure.direct, operator, right: right.direct }
}

/** The measures a condition looks at. */
export function measuresOf({ measure, rights }: GroupCondition): Measure[] {
  return [measure, ...rights.flatMap((right) => (right instanceof Exact ? [] : [right]))]
}

function compareNumbers(left: Exact, operator: Comparison, right: Exact): boolean {
  const order = left.comparedTo(right)
  const holds = { eq: order === 0, ne: order !== 0, lt: order < 0, lte: order <= 0, gt: order > 0, gte: order >= 0 }
  return holds[operator]
}

function stripPrefix(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
