import { type BusinessQuery, type Condition, type Entity, splitDimension, splitMeasure } from '#catalog'
import { hasCue } from '../pieces.ts'
import { orderField } from '../plan/assemble-query.ts'
import { trendGrain } from '../plan/choose-groups.ts'
import { mainMeasure } from '../plan/measures.ts'
import type { Said } from '../plan/read-said.ts'
import { isExchange, type Sentence } from '../plan/sentence.ts'
import { isSubjectOnly } from './subject-only.ts'

const withPrefix = (prefix: string | undefined, names: readonly string[]): string[] =>
  names.map((name) => (prefix ? `${prefix}:${splitMeasure(name).measure}` : name))

/** What a list becomes when a sum of it is asked for. */
const sumOf = (entity: Entity): string[] => {
  const main = mainMeasure(entity)
  return main && entity.kind !== 'master' ? [main] : ['count']
}

/** Measures after the change; undefined when the words don't touch them. */
function changedMeasures(base: BusinessQuery, entity: Entity, said: Said): string[] | undefined {
  const { measure } = said
  const isListed = base.measures.length === 0
  const hasSpecific = measure.measures.length > 0 && (!measure.isGeneric || measure.dropped.length > 0)
  if ((measure.isCount && !hasSpecific) || (measure.isBareHowMany && isListed && !said.saysEntity)) return ['count']
  if (hasSpecific) return withPrefix(measure.prefix, measure.measures)
  if (measure.prefix)
    return withPrefix(measure.prefix, isListed ? sumOf(entity) : base.measures.filter((name) => name !== 'count'))
  if (measure.isList && !measure.wantsNumber) return []
  if (isListed) return asksForSums(said) ? sumOf(entity) : undefined
  return measure.measures.length > 0 && base.measures.includes('count') ? measure.measures : undefined
}

const asksForSums = ({ measure, compareTo, isTrend, groups, grain }: Said): boolean =>
  measure.wantsNumber || compareTo !== undefined || isTrend || groups.length > 0 || grain !== undefined

const isMine = ([, , value]: Condition): boolean => value === '@me' || value === '@myDepartment'

/** The master data that a field's names are facts of: a person's name and department are of employees, a customer and region of customers. */
function masterOf({ catalog, entity }: Sentence, field: string): string | undefined {
  const dimension = entity.dimensions[field]
  return dimension?.type === 'name' ? catalog.domains[dimension.domain]?.source.entity : undefined
}

/**
 * New conditions replace old ones on the same field; my department replaces me, and the other way round. 국내영업팀은? after 이서연은?
 * asks of the team instead of the person; 국내영업팀만 would ask of both.
 */
function mergeWhere(sentence: Sentence, base: readonly Condition[], said: readonly Condition[]): Condition[] {
  const fields = new Set(said.map(([field]) => field))
  const bringsMine = said.some(isMine)
  const masters = new Set(isSubjectOnly(sentence.reading) ? said.map(([field]) => masterOf(sentence, field)) : [])
  masters.delete(undefined)
  const isReplaced = (condition: Condition): boolean =>
    fields.has(condition[0]) || (bringsMine && isMine(condition)) || masters.has(masterOf(sentence, condition[0]))
  return [...base.filter((condition) => !isReplaced(condition)), ...said]
}

function mergeGroups(base: readonly string[], said: Said, sentence: Sentence): string[] {
  const added = [...said.groups, ...(said.grain ? [said.grain] : [])]
  const hasGrain = added.some((group) => splitDimension(group).grain)
  const isInstead = hasCue(sentence.pieces, 'instead') || isExchange(sentence.reading)
  const replaces = isInstead && added.length > 0 && said.measure.dropped.length === 0
  if (replaces && said.droppedGroups.length === 0) return added
  const kept = base.filter((group) => !said.droppedGroups.includes(group) && !(hasGrain && splitDimension(group).grain))
  return [...new Set([...kept, ...added])]
}

function refineOrder(query: BusinessQuery, base: BusinessQuery, entity: Entity, said: Said): void {
  const { ordering, limit } = said.order
  if (ordering) {
    const by = orderField(entity, said, ordering, query.measures)
    if (by === undefined) return
    query.orderBy = [[by, ordering.direction]]
    if (ordering.limit !== undefined) query.limit = ordering.limit
    else delete query.limit
    return
  }
  if (limit !== undefined) query.limit = limit
  const [before] = base.orderBy ?? []
  const [measure] = query.measures
  // What the list was ordered by has been exchanged for another measure.
  if (before && measure && !query.measures.includes(before[0]) && base.measures.includes(before[0]))
    query.orderBy = [[measure, before[1]]]
}

function withoutShape(query: BusinessQuery): void {
  delete query.groupBy
  delete query.orderBy
  delete query.limit
  delete query.compareTo
}

function refineShape(query: BusinessQuery, base: BusinessQuery, sentence: Sentence, said: Said): void {
  const { entity } = sentence
  const measures = changedMeasures(base, entity, said)
  if (measures) query.measures = measures
  if (measures?.length === 0 && base.measures.length > 0) withoutShape(query)
  const groups = mergeGroups(query.groupBy ?? [], said, sentence)
  const head = said.implied.find(({ field }) => !groups.includes(field))
  if (said.order.ordering?.isRank && groups.length === 0 && head) groups.push(head.field)
  if (said.isTrend && !groups.some((group) => splitDimension(group).grain) && entity.period) {
    groups.push(`${entity.period}:${trendGrain(said.period ?? base.period)}`)
  }
  if (groups.length > 0) query.groupBy = groups
  else delete query.groupBy
  const addsNothing = said.groups.length === 0 && !said.grain && said.implied.length === 0
  if (hasCue(sentence.pieces, 'total') && addsNothing && base.measures.length > 0 && base.groupBy) withoutShape(query)
}

/** The query of the turn before, changed by what was said. */
export function refineQuery(base: BusinessQuery, sentence: Sentence, said: Said): BusinessQuery {
  const query: BusinessQuery = structuredClone(base)
  delete query.select
  refineShape(query, base, sentence, said)
  const where = mergeWhere(sentence, base.where ?? [], said.where).filter(([field]) => !said.widened.includes(field))
  if (where.length > 0) query.where = where
  else delete query.where
  if (said.period) query.period = said.period
  else if (said.dateField && query.period) query.period = { ...query.period, field: said.dateField }
  if (said.compareTo) query.compareTo = said.compareTo
  refineOrder(query, base, sentence.entity, said)
  if (hasCue(sentence.pieces, 'all') && said.widened.length === 0 && said.where.length === 0 && !said.order.ordering)
    delete query.limit
  if (said.measure.attributes.length > 0 && query.measures.length === 0) query.select = said.measure.attributes
  return query
}

/** Whether the words change anything at all. */
export function changesAnything({ measure, order, ...said }: Said): boolean {
  const lists = [said.widened, said.where, said.groups, said.droppedGroups, measure.measures, measure.attributes]
  const facts = [said.grain, said.period, said.compareTo, said.dateField, said.clarify, order.ordering, order.limit]
  const flags = [said.isTrend, measure.isCount, measure.isList, measure.wantsNumber, measure.prefix !== undefined]
  return lists.some((list) => list.length > 0) || facts.some((fact) => fact !== undefined) || flags.includes(true)
}
