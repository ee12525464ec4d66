import type { Condition, RowFilter } from '#catalog'
import { conditionText } from './conditions.ts'
import { rangeText } from './dates.ts'
import { withJosa } from './josa.ts'
import { earlierWords } from './period-words.ts'
import { type Asked, columnLabel, isOwnDate, lowerFirst } from './wording.ts'

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
    return isOwnDate(asked) ? range : `${columnLabel(query.period.field, asked)} ${range}`
  }
  const isDated = entity.kind !== 'balance' && entity.kind !== 'master' && entity.period !== undefined
  if (isDated) return ko ? '전체 기간' : 'All time'
  const now = ko ? '현재 기준' : 'As it stands now'
  const year = Object.keys(entity.dimensions).find((name) => entity.dimensions[name]?.type === 'year')
  if (!year || query.groupBy?.includes(year)) return now
  const condition = query.where?.find(([field]) => field === year)
  const years = condition ? conditionText(condition, asked) : ko ? '전체 연도' : 'All years'
  return `${years} · ${ko ? now : lowerFirst(now)}`
}

/** Movements and documents are dated up to today: a period that goes on is counted to date. */
function isRunning({ query, entity, today }: Asked): boolean {
  if (entity.kind !== 'transaction' && entity.kind !== 'document') return false
  if (!query.period || query.period.field !== entity.period) return false
  const { from, to } = query.period
  return (from === undefined || from <= today) && (to === undefined || to >= today) && from !== to
}

/** What the reader's rights narrow an answer to: 담당자 김민수만. Empty when they do not, or the question says so itself. */
export function scopeText(rows: RowFilter, asked: Asked): string {
  if (rows === 'all') return ''
  // What the question says itself, also as “my”, need not be said again.
  const where = asked.query.where ?? []
  const own = new Set(where.map((condition) => JSON.stringify(condition)))
  const mine = new Set(
    where.filter(([, , value]) => value === '@me' || value === '@myDepartment').map(([field]) => field),
  )
  const conditions = (alternative: Condition[]) =>
    alternative
      .filter((condition) => !own.has(JSON.stringify(condition)) && !mine.has(condition[0]))
      .map((condition) => `${lowerFirst(columnLabel(condition[0], asked))} ${conditionText(condition, asked)}`)
      .join(', ')
  const alternatives = rows.map(conditions)
  if (alternatives.some((text) => text === '')) return ''
  if (alternatives.length > 1) {
    const shared = sharedValueText(rows, asked)
    if (shared) return shared
  }
  return asked.language === 'ko' ? `${alternatives.join(' 또는 ')}만` : `only ${alternatives.join(' or ')}`
}

/** One value that may stand in several fields: 기안자·결재자가 우혜림인 것만. */
function sharedValueText(rows: Condition[][], asked: Asked): string | undefined {
  const conditions = rows.flatMap((alternative) => (alternative.length === 1 ? alternative : []))
  const [first] = conditions
  const isShared = conditions.every(([, operator, value]) => operator === 'eq' && value === first?.[2])
  if (!first || !isShared || conditions.length < rows.length) return undefined
  const labels = conditions.map(([field]) => columnLabel(field, asked))
  const value = conditionText(first, asked)
  return asked.language === 'ko'
    ? `${withJosa(labels.join('·'), '이/가')} ${value}인 것만`
    : `only where ${labels.map(lowerFirst).join(' or ')} is ${value}`
}
