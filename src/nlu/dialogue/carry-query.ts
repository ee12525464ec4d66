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

function carryWhere(from: Entity, to: Entity, where: readonly Condition[]): Condition[] | undefined {
  const carried: Condition[] = []
  for (const [field, operator, value] of where) {
    if (from.dimensions[field]?.type !== 'name') continue
    const match = matchingField(from, to, field)
    if (match === undefined) return undefined
    carried.push([match, operator, value])
  }
  return carried
}

/**
 * A query moved to another entity, keeping what can be kept: names, period, cuts, order. Undefined when a picked name has no place
 * there: then leaving it out would answer another question.
 */
export function carryQuery(catalog: Catalog, last: BusinessQuery, to: Entity): BusinessQuery | undefined {
  const from = catalog.entities[last.entity]
  const where = from && carryWhere(from, to, last.where ?? [])
  if (!from || !where) return undefined
  const measures = carryMeasures(last, to)
  const query: BusinessQuery = { entity: to.entity, measures }
  const groupBy = (last.groupBy ?? []).flatMap((group) => {
    const { field, grain } = splitDimension(group)
    if (grain) return to.period ? [`${to.period}:${grain}`] : []
    return matchingField(from, to, field) ?? []
  })
  if (groupBy.length > 0) query.groupBy = groupBy
  if (where.length > 0) query.where = where
  if (last.period && to.period) {
    const keepsField = to.dimensions[last.period.field]?.type === 'date' && last.period.field !== from.period
    query.period = { ...last.period, field: keepsField ? last.period.field : to.period }
  }
  if (last.compareTo && to.period) query.compareTo = last.compareTo
  const [first] = measures
  if (last.orderBy?.length && first && groupBy.length > 0) {
    query.orderBy = [[first, last.orderBy[0]?.[1] ?? 'desc']]
    if (last.limit !== undefined) query.limit = last.limit
  }
  return query
}
