import type { Condition, RowFilter } from '#catalog'
import { conditionText } from './conditions.ts'
import { rangeText } from './dates.ts'
import { earlierWords } from './period-words.ts'
import { type Asked, columnLabel } from './wording.ts'

type Reach = { rows: RowFilter; previous?: { from: string; to: string } | undefined }

/** What the number covers: 2026.11.01–11.30 · 오늘까지 집계 · 담당자 김민수만. Says when the reader's rights narrow it. */
export function coverageLine(asked: Asked, reach: Reach): string {
  const { query, language, today } = asked
  const parts = [periodPart(asked)]
  if (isRunning(asked)) parts.push(language === 'ko' ? '오늘까지 집계' : 'to date')
  if (query.compareTo && reach.previous) {
    const { from, to } = reach.previous
    const words = earlierWords(query.compareTo, reach.previous, today, language)
    const range = rangeText(from, to, language)
    parts.push(language === 'ko' ? `${words} ${range} 대비` : `compared with ${words}, ${range}`)
  }
  const scope = scopeText(reach.rows, asked)
  if (scope) parts.push(scope)
  return parts.join(' · ')
}

function periodPart(asked: Asked): string {
  const { query, entity, language } = asked
  const ko = language === 'ko'
  if (query.period) {
    const range = rangeText(query.period.from, query.period.to, language)
    if (query.period.field === entity.period) return range
    const label = columnLabel(query.period.field, asked)
    return ko ? `${label} ${range}` : `${label} ${range}`
  }
  if (entity.kind === 'transaction' || entity.kind === 'document') return ko ? '전체 기간' : 'All time'
  return ko ? '현재 기준' : 'As it stands now'
}

/** Movements and documents are dated up to today: a period that goes on is counted to date. */
function isRunning({ query, entity, today }: Asked): boolean {
  if (entity.kind !== 'transaction' && entity.kind !== 'document') return false
  if (!query.period || query.period.field !== entity.period) return false
  const { from, to } = query.period
  return (from === undefined || from <= today) && (to === undefined || to >= today) && from !== to
}

function scopeText(rows: RowFilter, asked: Asked): string {
  if (rows === 'all') return ''
  const own = new Set((asked.query.where ?? []).map((condition) => JSON.stringify(condition)))
  const conditions = (alternative: Condition[]) =>
    alternative
      .filter((condition) => !own.has(JSON.stringify(condition)))
      .map((condition) => `${columnLabel(condition[0], asked)} ${conditionText(condition, asked)}`)
      .join(', ')
  const alternatives = rows.map(conditions)
  if (alternatives.some((text) => text === '')) return ''
  return asked.language === 'ko' ? `${alternatives.join(' 또는 ')}만` : `only ${alternatives.join(' or ')}`
}
