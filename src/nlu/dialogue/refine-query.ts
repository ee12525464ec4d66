import { type BusinessQuery, type Entity, splitDimension } from '#catalog'
import { hasCue } from '../pieces.ts'
import { orderField } from '../plan/assemble-query.ts'
import { trendGrain } from '../plan/choose-groups.ts'
import { directionOf } from '../plan/ordering.ts'
import type { Said } from '../plan/read-said.ts'
import { isExchange, type Sentence } from '../plan/sentence.ts'
import { changedMeasures, sumOf } from './change-measures.ts'
import { mergeWhere } from './merge-conditions.ts'

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
    query.orderBy = [[by, directionOf(entity, by, ordering)]]
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

/** 누가 제일 많아: the persons are what is ranked. */
const personOf = (entity: Entity, { asksWho }: Said): string | undefined =>
  asksWho && entity.kind !== 'master' ? entity.me : undefined

function refineShape(query: BusinessQuery, base: BusinessQuery, sentence: Sentence, said: Said): void {
  const { entity } = sentence
  const measures = changedMeasures(base, sentence, said)
  if (measures) query.measures = measures
  if (measures?.length === 0 && base.measures.length > 0) withoutShape(query)
  const groups = mergeGroups(query.groupBy ?? [], said, sentence)
  const head = said.implied.find(({ field }) => !groups.includes(field))
  const ranked =
    said.order.ordering?.isRank && groups.length === 0 ? (head?.field ?? personOf(entity, said)) : undefined
  if (ranked) groups.push(ranked)
  if (ranked && query.measures.length === 0) query.measures = sumOf(entity)
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
