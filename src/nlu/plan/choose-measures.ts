import type { Entity } from '#catalog'
import { listsRecords } from './choose-groups.ts'
import { mainMeasure } from './measures.ts'
import type { Said } from './read-said.ts'

const withPrefix = ({ measure }: Said, measures: string[]): string[] =>
  measure.prefix ? measures.map((name) => `${measure.prefix}:${name}`) : measures

const needsNumber = ({ measure, isTrend, compareTo }: Said, groups: readonly string[]): boolean =>
  measure.wantsNumber || groups.length > 0 || isTrend || compareTo !== undefined || measure.prefix !== undefined

/** 지난달 접대비 names no papers, only what they were for: then the sum is meant. */
const isByNameOnly = (entity: Entity, { saysEntity, where }: Said): boolean =>
  !saysEntity && where.length > 0 && where.every(([field]) => entity.dimensions[field]?.type === 'name')

/** Whether the records themselves are asked for, whatever measure is named. */
function wantsRecords(entity: Entity, said: Said, hasSpecific: boolean): boolean {
  const { measure } = said
  if (said.isDocument && !measure.wantsNumber && !hasSpecific) return true
  if (measure.isList && !measure.wantsNumber) return true
  if (said.isMeasured && listsRecords(entity) && !measure.wantsNumber && !measure.isOverview) return true
  return said.order.ordering !== undefined && !measure.prefix
}

function withoutWord(entity: Entity, said: Said): string[] {
  if (said.order.isLatest && said.order.limit) return []
  const main = mainMeasure(entity)
  if (entity.kind === 'document') return main !== undefined && isByNameOnly(entity, said) ? [main] : []
  return entity.everyday.length > 0 ? [...entity.everyday] : said.measure.measures
}

/** Which measures a sentence of its own asks for; none means the records. */
export function measuresOf(entity: Entity, said: Said, groups: readonly string[]): string[] {
  const { measure } = said
  const main = mainMeasure(entity)
  const hasSpecific = measure.measures.length > 0 && !measure.isGeneric
  if (measure.isCount && !hasSpecific) return ['count']
  const countsGroups = groups.length > 0 && said.where.some(([field]) => field === 'count')
  if (countsGroups && !hasSpecific) return ['count']
  if (entity.kind === 'master' || main === undefined) return groups.length > 0 || measure.isCount ? ['count'] : []
  if (groups.length === 0 && wantsRecords(entity, said, hasSpecific)) return []
  if (hasSpecific) return withPrefix(said, measure.measures)
  if (measure.isOverview && !measure.prefix && entity.everyday.length > 0) return [...entity.everyday]
  if (needsNumber(said, groups)) return withPrefix(said, [said.tested ?? measure.measures[0] ?? main])
  return withoutWord(entity, said)
}
