import { type RowFilter, splitDimension, splitMeasure } from '#catalog'
import type { Prompt } from '../api.ts'
import { monthsBefore, yearOf } from './dates.ts'
import { fixedFields } from './fixed-fields.ts'
import { withJosa } from './josa.ts'
import { type Asked, columnLabel, groupLabel, isOwnDate, lowerFirst } from './wording.ts'

const most = 3
const topOf = 5

/** How many rows an answer has, and what its reader's rights narrow it to. */
export type Shown = { rows: number; reach: RowFilter }

/** What to ask next about an answered query: cut it, compare it, see it over time. Each works as a follow-up as it stands, and changes something. */
export function nextQuestions(asked: Asked, { rows, reach }: Shown): Prompt[] {
  const { query, language } = asked
  const ko = language === 'ko'
  const file = rows > 1 ? [same(ko ? '엑셀로 내려줘' : 'export to Excel')] : []
  if (query.measures.length === 0) return file
  const isGrouped = (query.groupBy?.length ?? 0) > 0
  const compare = canCompare(asked)
    ? [same(ko ? '작년 같은 기간과 비교해줘' : 'compare with the same period last year')]
    : []
  const trend = canTrend(asked) ? [same(ko ? '월별로 보여줘' : 'by month')] : []
  const isRankable = query.groupBy?.length === 1 && !query.limit && !isByTime(asked) && rows > topOf
  const top = isRankable ? [same(ko ? `상위 ${topOf}개만` : `top ${topOf} only`)] : []
  const cuts = isGrouped ? [] : cutQuestions(asked, reach)
  return [...cuts, ...compare, ...trend, ...top, ...(isGrouped ? file : [])].slice(0, most)
}

/** Other periods that may still find something: those that hold days beyond the one asked about. */
export function widerPeriods({ query, language, today }: Asked): Prompt[] {
  const { from = '', to = '9999' } = query.period ?? {}
  if (!query.period?.from && !query.period?.to) return []
  const year = yearOf(today)
  const candidates = [
    { ko: '최근 3개월', en: 'Last 3 months', from: monthsBefore(today, 3), to: today },
    { ko: '올해', en: 'This year', from: `${year}-01-01`, to: `${year}-12-31` },
    { ko: '작년', en: 'Last year', from: `${year - 1}-01-01`, to: `${year - 1}-12-31` },
  ]
  return candidates
    .filter((each) => each.from < from || each.to > to)
    .map(({ ko, en }) =>
      language === 'ko' ? { label: ko, text: `${withJosa(ko, '은/는')}?` } : { label: en, text: lowerFirst(en) },
    )
}

function cutQuestions(asked: Asked, reach: RowFilter): Prompt[] {
  const { entity, language } = asked
  const fixed = fixedFields(asked, reach)
  return Object.entries(entity.dimensions)
    .filter(([name, dimension]) => {
      // Cut by their own name, people or companies are a list.
      const isOwnName = entity.kind === 'master' && dimension.type === 'name' && dimension.domain === entity.entity
      return dimension.type === 'name' && !isOwnName && !fixed.has(name)
    })
    .slice(0, 2)
    .map(([name]) =>
      same(language === 'ko' ? `${groupLabel(name, asked)}로 보여줘` : `by ${lowerFirst(columnLabel(name, asked))}`),
    )
}

function canTrend(asked: Asked): boolean {
  const { query, entity } = asked
  const { from, to } = query.period ?? {}
  if (query.groupBy?.length || !entity.period || query.period?.field !== entity.period) return false
  return from !== undefined && to !== undefined && from.slice(0, 7) !== to.slice(0, 7)
}

/** Only movements and documents of a whole period have an earlier one; those picked by a total would be others then. */
function canCompare(asked: Asked): boolean {
  const { query, entity } = asked
  const isMovement = entity.kind === 'transaction' || entity.kind === 'document'
  const isWhole = query.period?.from !== undefined && query.period.to !== undefined
  const isPicked = query.groupBy?.length && (query.where ?? []).some(([field]) => isMeasured(field, asked))
  return isMovement && isWhole && isOwnDate(asked) && !query.compareTo && !isByTime(asked) && !isPicked
}

function isMeasured(field: string, { entity }: Asked): boolean {
  return field === 'count' || splitMeasure(field).measure in entity.measures
}

function isByTime({ query }: Asked): boolean {
  return (query.groupBy ?? []).some((group) => splitDimension(group).grain !== undefined)
}

function same(text: string): Prompt {
  return { label: text, text }
}
