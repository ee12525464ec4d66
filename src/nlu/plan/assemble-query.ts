import type { BusinessQuery, Entity } from '#catalog'
import { dayOf } from '../grammar/calendar.ts'
import { mainMeasure } from './measures.ts'
import type { Ordering } from './ordering.ts'
import type { Said } from './read-said.ts'

const withPrefix = (said: Said, measures: string[]): string[] =>
  said.measure.prefix ? measures.map((name) => `${said.measure.prefix}:${name}`) : measures

/** Daily for a month or less, monthly beyond or when no time is said. */
export function trendGrain(period: BusinessQuery['period']): 'day' | 'month' {
  if (!period?.from || !period.to) return 'month'
  return dayOf(period.to) - dayOf(period.from) + 1 <= 31 ? 'day' : 'month'
}

/** Snapshots without time and their lists are records; of what moves over time, a condition on a sum is one on groups. */
const listsRecords = (entity: Entity): boolean => entity.kind === 'snapshot' && entity.period === undefined

function groupsOf(entity: Entity, said: Said): string[] {
  const groups = [...said.groups]
  const isRanked =
    said.order.ordering?.isRank === true && said.order.ordering.of === undefined && !said.order.ordering.field
  const named = said.implied.filter(
    ({ field }) =>
      !groups.includes(field) && !said.where.some(([name, operator]) => name === field && operator === 'eq'),
  )
  const heads = named.filter(({ isHead }) => isHead)
  const isOnTotals = said.isMeasured && !listsRecords(entity)
  const wantsGroup = groups.length === 0 && !said.measure.isCount && entity.kind !== 'master'
  if (groups.length === 0 && isRanked) {
    const [first] = heads.length > 0 ? heads : named
    if (first && (entity.kind !== 'master' || said.measure.isCount || first.field !== 'name')) groups.push(first.field)
  } else if (wantsGroup && isOnTotals && named[0]) groups.push((heads[0] ?? named[0]).field)
  else if (
    wantsGroup &&
    !listsRecords(entity) &&
    (entity.kind !== 'document' || (said.measure.measures.length > 0 && !said.measure.isGeneric))
  ) {
    const asked = heads.filter(({ isAsked }) => isAsked || said.measure.isList || said.where.length > 0)[0]
    if (asked) groups.push(asked.field)
  } else if (wantsGroup && said.measure.wantsNumber && heads.some(({ isAsked }) => isAsked)) {
    groups.push(heads.find(({ isAsked }) => isAsked)?.field ?? '')
  } else if (wantsGroup && said.measure.prefix === 'share' && named[0]) groups.push(named[0].field)
  const compared = said.where.find(
    ([field, operator]) => operator === 'in' && said.isComparing && !groups.includes(field),
  )
  if (compared) groups.push(compared[0])
  if (said.grain) groups.push(said.grain)
  else if (said.isTrend && entity.period && !groups.some((group) => group.includes(':'))) {
    groups.push(`${said.dateField ?? entity.period}:${trendGrain(said.period)}`)
  }
  return [...new Set(groups)]
}

const needsNumber = (said: Said, groups: readonly string[]): boolean =>
  said.measure.wantsNumber ||
  groups.length > 0 ||
  said.isTrend ||
  said.compareTo !== undefined ||
  said.measure.prefix !== undefined

/** Which measures a sentence of its own asks for; none means the records. */
export function measuresOf(entity: Entity, said: Said, groups: readonly string[]): string[] {
  const { measure } = said
  const main = mainMeasure(entity)
  const hasSpecific = measure.measures.length > 0 && !measure.isGeneric
  if (measure.isCount && !hasSpecific) return ['count']
  if (entity.kind === 'master' || main === undefined) return groups.length > 0 || measure.isCount ? ['count'] : []
  if (said.isDocument && !measure.wantsNumber && !hasSpecific) return []
  if (measure.isList && groups.length === 0 && !measure.wantsNumber) return []
  const isRecordCondition =
    said.isMeasured && groups.length === 0 && listsRecords(entity) && !measure.wantsNumber && !measure.isOverview
  if (isRecordCondition) return []
  const ranksRecords = said.order.ordering?.isRank === true && groups.length === 0 && !measure.prefix
  if (ranksRecords) return []
  if (hasSpecific) return withPrefix(said, measure.measures)
  if (measure.isOverview && !measure.prefix && entity.everyday.length > 0) return [...entity.everyday]
  if (needsNumber(said, groups))
    return withPrefix(said, measure.measures.length > 0 ? measure.measures.slice(0, 1) : [main])
  if (said.order.isLatest && said.order.limit) return []
  // 지난달 접대비 names no papers, only what they were for: then the sum is meant.
  const isByNameOnly =
    !said.saysEntity &&
    said.where.length > 0 &&
    said.where.every(([field]) => entity.dimensions[field]?.type === 'name')
  if (entity.kind === 'document') return isByNameOnly ? [main] : []
  return entity.everyday.length > 0 ? [...entity.everyday] : measure.measures
}

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
export function addOrder(query: BusinessQuery, entity: Entity, said: Said): void {
  const { ordering, limit, isLatest } = said.order
  if (ordering) {
    const by = orderField(entity, said, ordering, query.measures)
    if (by === undefined) return
    query.orderBy = [[by, ordering.direction]]
    if (ordering.limit !== undefined) query.limit = ordering.limit
  } else if (limit !== undefined && isLatest && query.measures.length === 0) {
    const date = dateOf(entity, said)
    if (date) query.orderBy = [[date, 'desc']]
    query.limit = limit
  } else if (limit !== undefined && (query.groupBy?.length || query.measures.length === 0)) query.limit = limit
}
