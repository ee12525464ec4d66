import { splitDimension } from '#catalog'
import type { Prompt } from '../api.ts'
import { type Asked, columnLabel, groupLabel, lowerFirst } from './wording.ts'

const most = 3

/** What to ask next about an answered query: cut it, compare it, see it over time. Each works as a follow-up as it stands. */
export function nextQuestions(asked: Asked): Prompt[] {
  const { query, language } = asked
  const ko = language === 'ko'
  if (query.measures.length === 0) return []
  const cuts = query.groupBy?.length ? [] : cutQuestions(asked)
  const compare = canCompare(asked)
    ? [same(ko ? '작년 같은 기간과 비교해줘' : 'compare with the same period last year')]
    : []
  const trend = canTrend(asked) ? [same(ko ? '월별로 보여줘' : 'by month')] : []
  const isRankable = query.groupBy?.length === 1 && !query.limit && !isByTime(asked)
  const top = isRankable ? [same(ko ? '상위 5개만' : 'top 5 only')] : []
  const file = query.groupBy?.length ? [same(ko ? '엑셀로 내려줘' : 'export to Excel')] : []
  return [...cuts, ...compare, ...trend, ...top, ...file].slice(0, most)
}

/** Wider periods, and none: what may still find something. */
export function widerPeriods({ query, language }: Asked): Prompt[] {
  if (!query.period?.from && !query.period?.to) return []
  const texts =
    language === 'ko' ? ['최근 3개월은?', '올해는?', '작년은?'] : ['last 3 months', 'this year', 'last year']
  const labels = language === 'ko' ? ['최근 3개월', '올해', '작년'] : ['Last 3 months', 'This year', 'Last year']
  return texts.map((text, i) => ({ label: labels[i] ?? text, text }))
}

function cutQuestions(asked: Asked): Prompt[] {
  const { entity, query, language } = asked
  if ((query.where ?? []).some(([, , value]) => value === '@me')) return []
  const fixed = new Set((query.where ?? []).map(([field]) => field))
  return Object.entries(entity.dimensions)
    .filter(([name, dimension]) => dimension.type === 'name' && !fixed.has(name))
    .slice(0, 2)
    .map(([name]) =>
      same(language === 'ko' ? `${groupLabel(name, asked)}로 보여줘` : `by ${lowerFirst(columnLabel(name, asked))}`),
    )
}

function canTrend({ query, entity }: Asked): boolean {
  const { from, to } = query.period ?? {}
  if (query.groupBy?.length || !entity.period || query.period?.field !== entity.period) return false
  return from !== undefined && to !== undefined && from.slice(0, 7) !== to.slice(0, 7)
}

function canCompare(asked: Asked): boolean {
  const { query, entity } = asked
  const isMovement = entity.kind === 'transaction' || entity.kind === 'document'
  return isMovement && query.period?.field === entity.period && !query.compareTo && !isByTime(asked)
}

function isByTime({ query }: Asked): boolean {
  return (query.groupBy ?? []).some((group) => splitDimension(group).grain !== undefined)
}

function same(text: string): Prompt {
  return { label: text, text }
}
