import { type BusinessQuery, type Entity, splitDimension, splitMeasure } from '#catalog'
import type { ErrorDetail } from '#platform/errors'

/** What in the query names nothing of the entity, as `where.0: 'colour' is not a field of stock`. */
export function findQueryFaults(query: BusinessQuery, entity: Entity): ErrorDetail[] {
  const faults: ErrorDetail[] = []
  const check = (field: string, name: string, isKnown: boolean, kind: string) => {
    if (!isKnown) faults.push({ field, issue: `'${name}' is not a ${kind} of ${entity.entity}` })
  }
  query.measures.forEach((name, i) => {
    check(`measures.${i}`, name, isMeasure(entity, name), 'measure')
  })
  query.groupBy?.forEach((name, i) => {
    check(`groupBy.${i}`, name, isGrouping(entity, name), 'dimension')
  })
  query.where?.forEach(([name], i) => {
    check(`where.${i}`, name, isField(entity, name) || isMeasure(entity, name), 'field')
  })
  query.orderBy?.forEach(([name], i) => {
    check(`orderBy.${i}`, name, isField(entity, name) || isMeasure(entity, name) || isGrouping(entity, name), 'field')
  })
  query.select?.forEach((name, i) => {
    check(`select.${i}`, name, isField(entity, name), 'field')
  })
  if (query.period) check('period.field', query.period.field, typeOf(entity, query.period.field) === 'date', 'date')
  return faults
}

function typeOf(entity: Entity, name: string): string | undefined {
  return Object.hasOwn(entity.dimensions, name) ? entity.dimensions[name]?.type : undefined
}

function isField(entity: Entity, name: string): boolean {
  return typeOf(entity, name) !== undefined || Object.hasOwn(entity.measures, name)
}

/** A measure, `count`, or a prefixed one; numbers that are never summed (a price, days overdue) may still be averaged. */
function isMeasure(entity: Entity, name: string): boolean {
  const { prefix, measure } = splitMeasure(name)
  if (measure === 'count') return prefix === undefined || prefix === 'share'
  const type = typeOf(entity, measure) ?? ''
  return Object.hasOwn(entity.measures, measure) || (prefix !== undefined && ['number', 'money'].includes(type))
}

function isGrouping(entity: Entity, name: string): boolean {
  const { field, grain } = splitDimension(name)
  const type = typeOf(entity, field)
  return type !== undefined && (grain === undefined || type === 'date')
}
