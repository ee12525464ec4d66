import type { BusinessQuery, Entity } from '#catalog'
import { groupsOf } from './choose-groups.ts'
import { measuresOf } from './choose-measures.ts'
import { mainMeasure } from './measures.ts'
import { directionOf, type Ordering } from './ordering.ts'
import type { Said } from './read-said.ts'

const dateOf = (entity: Entity, said: Said): string | undefined => said.dateField ?? entity.period
const moneyOf = (entity: Entity): string | undefined =>
  Object.entries(entity.dimensions).find(([, one]) => one.type === 'money')?.[0] ??
  Object.entries(entity.measures).find(([, one]) => one.type === 'money')?.[0]

/** What an order is by: what was said, the date, the price, else the first measure. */
export function orderField(
  entity: Entity,
  said: Said,
  ordering: Ordering,
  measures: readonly string[],
): string | undefined {
  if (ordering.field && measures.length === 0) return ordering.field
  if (ordering.of === 'time') return dateOf(entity, said)
  if (ordering.of === 'price') return moneyOf(entity)
  return measures[0] ?? ordering.field ?? said.measure.measures[0] ?? mainMeasure(entity)
}

/** A query that stands on its own, from all that a sentence says. */
export function assembleQuery(entity: Entity, said: Said): BusinessQuery {
  const groups = groupsOf(entity, said)
  const measures = measuresOf(entity, said, groups)
  const query: BusinessQuery = { entity: entity.entity, measures }
  if (groups.length > 0) query.groupBy = groups
  if (said.where.length > 0) query.where = said.where
  if (said.period) query.period = said.period
  if (said.compareTo && measures.length > 0) query.compareTo = said.compareTo
  addOrder(query, entity, said)
  if (said.measure.attributes.length > 0 && measures.length === 0) query.select = said.measure.attributes
  return query
}

/** Puts the order and limit that were said onto a query. */
function addOrder(query: BusinessQuery, entity: Entity, said: Said): void {
  const { ordering, limit, isLatest } = said.order
  if (ordering) {
    const by = orderField(entity, said, ordering, query.measures)
    if (by === undefined) return
    query.orderBy = [[by, directionOf(entity, by, ordering)]]
    if (ordering.limit !== undefined) query.limit = ordering.limit
  } else if (limit !== undefined && isLatest && query.measures.length === 0) {
    const date = dateOf(entity, said)
    if (date) query.orderBy = [[date, 'desc']]
    query.limit = limit
  } else if (limit !== undefined && (query.groupBy?.length || query.measures.length === 0)) query.limit = limit
}
