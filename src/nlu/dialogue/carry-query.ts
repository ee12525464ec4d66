import { type BusinessQuery, type Catalog, type Condition, type Entity, splitDimension, splitMeasure } from '#catalog'
import { mainMeasure } from '../plan/measures.ts'

/** The field of another entity that holds the same kind of thing: the same name of the same domain, else the only one of the domain. */
function matchingField(from: Entity, to: Entity, field: string): string | undefined {
  const source = from.dimensions[field]
  const same = to.dimensions[field]
  if (!source) return undefined
  if (source.type !== 'name') return same?.type === source.type ? field : undefined
  if (same?.type === 'name' && same.domain === source.domain) return field
  if (field === from.me && to.me) return to.me
  return Object.entries(to.dimensions).find(([, one]) => one.type === 'name' && one.domain === source.domain)?.[0]
}

function carryMeasures(from: BusinessQuery, to: Entity): string[] {
  const main = mainMeasure(to)
  if (from.measures.length === 0) return to.kind === 'document' || to.kind === 'master' || !main ? [] : [...to.everyday]
  if (from.measures.includes('count')) return ['count']
  if (to.kind === 'master') return []
  const kept = from.measures.filter((name) => to.measures[splitMeasure(name).measure])
  if (kept.length > 0) return kept
  return main ? [main] : ['count']
}

const typeOf = ({ dimensions, measures }: Entity, field: string): string | undefined =>
  dimensions[field]?.type ?? measures[field]?.type

/** An amount means the same there as long as it is of the same things: of each record, or of each customer. */
function isMeasuredThere(from: Entity, to: Entity, field: string, groups: readonly string[]): boolean {
  if (carryGroups(from, to, groups).length !== groups.length) return false
  if (field === 'count') return groups.length > 0
  const type = from.measures[field]?.type
  return type !== undefined && type === to.measures[field]?.type
}

/** A status must be one there too, and so must the field that a value is compared with (below safety stock). */
function isValueThere(from: Entity, to: Entity, [field, , value]: Condition): boolean {
  const dimension = to.dimensions[field]
  return (Array.isArray(value) ? value : [value]).every((one) => {
    if (dimension?.type === 'code') return Object.hasOwn(dimension.values, String(one))
    const other = typeof one === 'string' ? typeOf(from, one) : undefined
    return other === undefined || other === typeOf(to, String(one))
  })
}

/** Whether a condition on no name means the same there: 연체된 of receivables and payables. */
function holdsThere(from: Entity, to: Entity, condition: Condition, groups: readonly string[]): boolean {
  const [field] = condition
  const type = from.dimensions[field]?.type
  const isSame = type !== undefined && type !== 'documentNo' && type === to.dimensions[field]?.type
  return (isSame || isMeasuredThere(from, to, field, groups)) && isValueThere(from, to, condition)
}

function carryWhere(from: Entity, to: Entity, { where = [], groupBy = [] }: BusinessQuery): Condition[] | undefined {
  const carried: Condition[] = []
  for (const condition of where) {
    const [field, operator, value] = condition
    if (from.dimensions[field]?.type !== 'name') {
      if (holdsThere(from, to, condition, groupBy)) carried.push(condition)
      else if (from.dimensions[field]?.type === 'code') return undefined
      continue
    }
    const match = matchingField(from, to, field)
    if (match === undefined) return undefined
    carried.push([match, operator, value])
  }
  return carried
}

function carryGroups(from: Entity, to: Entity, groups: readonly string[]): string[] {
  return groups.flatMap((group) => {
    const { field, grain } = splitDimension(group)
    if (!grain) return matchingField(from, to, field) ?? []
    return to.period ? [`${to.period}:${grain}`] : []
  })
}

/** A due date stays a due date; the everyday date becomes the other entity's everyday date. */
function carryPeriod(from: Entity, to: Entity, period: BusinessQuery['period']): BusinessQuery['period'] {
  if (!period || !to.period) return undefined
  const keepsField = to.dimensions[period.field]?.type === 'date' && period.field !== from.period
  return { ...period, field: keepsField ? period.field : to.period }
}

/**
 * A query moved to another entity, keeping what can be kept: conditions, period, cuts, order. Undefined when a picked name or status has
 * no place there: then leaving it out would answer another question.
 */
export function carryQuery(catalog: Catalog, last: BusinessQuery, to: Entity): BusinessQuery | undefined {
  const from = catalog.entities[last.entity]
  const where = from && carryWhere(from, to, last)
  if (!from || !where) return undefined
  const measures = carryMeasures(last, to)
  const query: BusinessQuery = { entity: to.entity, measures }
  const groupBy = carryGroups(from, to, last.groupBy ?? [])
  if (groupBy.length > 0) query.groupBy = groupBy
  if (where.length > 0) query.where = where
  const period = to.period === undefined ? undefined : carryPeriod(from, to, last.period)
  if (period) query.period = period
  if (last.compareTo && period) query.compareTo = last.compareTo
  const [first] = measures
  const [order] = last.orderBy ?? []
  if (order && first && groupBy.length > 0) {
    query.orderBy = [[first, order[1]]]
    if (last.limit !== undefined) query.limit = last.limit
  }
  return query
}
