import { type BusinessQuery, type Entity, splitMeasure } from '#catalog'
import { mainMeasure } from '../plan/measures.ts'
import type { Said } from '../plan/read-said.ts'
import { type Sentence, textAfter } from '../plan/sentence.ts'
import { addedAfter } from './merge-conditions.ts'

const withPrefix = (prefix: string | undefined, names: readonly string[]): string[] =>
  names.map((name) => (prefix ? `${prefix}:${splitMeasure(name).measure}` : name))

/** What a list becomes when a sum of it is asked for. */
export const sumOf = (entity: Entity): string[] => {
  const main = mainMeasure(entity)
  return main && entity.kind !== 'master' ? [main] : ['count']
}

/** What a list shows after the change: most words leave it a list. */
function listedMeasures(entity: Entity, said: Said, hasSpecific: boolean): string[] | undefined {
  const { measure } = said
  if (countsList(said)) return ['count']
  if (ordersOnly(said)) return undefined
  if (hasSpecific) return withPrefix(measure.prefix, measure.measures)
  if (measure.prefix) return withPrefix(measure.prefix, sumOf(entity))
  return asksForSums(said) ? sumOf(entity) : undefined
}

/** Measures after the change; undefined when the words don't touch them. */
export function changedMeasures(base: BusinessQuery, sentence: Sentence, said: Said): string[] | undefined {
  const { measure } = said
  const hasSpecific = measure.measures.length > 0 && (!measure.isGeneric || measure.dropped.length > 0)
  if (measure.isCount && !hasSpecific) return ['count']
  if (base.measures.length === 0) return listedMeasures(sentence.entity, said, hasSpecific)
  if (hasSpecific) return beside(sentence, base, withPrefix(measure.prefix, measure.measures))
  if (measure.prefix)
    return withPrefix(
      measure.prefix,
      base.measures.filter((name) => name !== 'count'),
    )
  if (measure.isList && !measure.wantsNumber) return []
  return measure.measures.length > 0 && base.measures.includes('count') ? measure.measures : undefined
}

/** 이익도: beside what is shown. */
function beside({ words, reading }: Sentence, base: BusinessQuery, measures: string[]): string[] {
  const isBeside = words.some(
    ({ measure, piece }) => measure !== undefined && addedAfter.test(textAfter(reading, piece)),
  )
  return isBeside ? [...new Set([...base.measures, ...measures])] : measures
}

/** 몇 개야? after a list. */
const countsList = ({ measure, saysEntity }: Said): boolean => measure.isBareHowMany && !saysEntity

/** 금액 큰 순으로: of a list the word only says what it is put in order by. */
const ordersOnly = (said: Said): boolean => said.order.ordering !== undefined && !asksForSums(said)

const asksForSums = ({ measure, compareTo, isTrend, groups, grain }: Said): boolean =>
  measure.wantsNumber || compareTo !== undefined || isTrend || groups.length > 0 || grain !== undefined
