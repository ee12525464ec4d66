import type { Column, QueryAnswer } from '#erp'
import type { Comparison, Headline } from '../api.ts'
import { valueInWords } from './cells.ts'
import { compareValues } from './comparison.ts'
import { withJosa } from './josa.ts'
import { measureNoun } from './nouns.ts'
import { toExact } from './numbers.ts'
import { earlierWords } from './period-words.ts'
import { measureColumns } from './rows.ts'
import { subjectText } from './subject.ts'
import { type Asked, columnLabel, lowerFirst } from './wording.ts'

/** What is said of an answer: sentences, and what the card shows large beside them. */
export type Said = { text: string; headline?: Headline; comparison?: Comparison }

/** 이번 달 매출은 **12억 3,450만 원**이에요. Null when there is no value at all. */
export function sayNumbers(answer: QueryAnswer, asked: Asked): Said | null {
  const columns = measureColumns(answer).filter((column) => wholeOf(column, answer) !== null)
  const [first, ...others] = columns
  if (!first) return null
  const subject = subjectText(measureNoun(first.name, asked), asked)
  const headline = headlineOf(first, subject, answer, asked)
  if (others.length > 0) return { text: sayMany(columns, answer, asked) }
  const text =
    asked.language === 'ko'
      ? `${withJosa(subject, '은/는')} **${headline.text}**${endingOf(headline.text)}`
      : `${subject}: **${headline.text}**.`
  const comparison = compareTotals(first, answer, asked)
  return { text: comparison ? `${text} ${comparison.text}` : text, headline, ...(comparison && { comparison }) }
}

/** 이에요 or 예요, with the full stop. */
export function endingOf(text: string): string {
  return `${withJosa(text, '이에요/예요').slice(text.length)}.`
}

/** The number a card shows large. */
export function headlineOf(column: Column, label: string, answer: QueryAnswer, asked: Asked): Headline {
  const value = wholeOf(column, answer)
  const exact = toExact(value)
  return {
    label,
    text: exact ? valueInWords(exact, column.name, column.type, asked) : String(value ?? '–'),
    exact: String(value ?? ''),
    type: column.type,
  }
}

/** How the whole differs from the earlier period's, when the query compares. */
export function compareTotals(column: Column, answer: QueryAnswer, asked: Asked): Comparison | undefined {
  const { query, today, language } = asked
  const previous = answer.previous
  if (!query.compareTo || !previous) return undefined
  const earlier = earlierWords(query.compareTo, previous, today, language)
  const before =
    previous.totals[column.name] ?? (query.groupBy?.length ? null : (previous.rows[0]?.[column.name] ?? null))
  return compareValues({ current: wholeOf(column, answer), previous: before }, earlier, column, asked)
}

/** Several measures in one sentence: 예산은 …, 집행액은 …, 잔액은 …이에요. */
export function sayMany(columns: Column[], answer: QueryAnswer, asked: Asked): string {
  const value = (column: Column) => headlineOf(column, '', answer, asked).text
  const [first, ...others] = columns
  if (!first) return ''
  const subject = subjectText(measureNoun(first.name, asked), asked)
  if (asked.language === 'en') {
    const rest = others.map((column) => `${lowerFirst(columnLabel(column.name, asked))} **${value(column)}**`)
    return `${subject}: **${value(first)}**, ${rest.join(', ')}.`
  }
  const parts = others.map((column) => `${withJosa(columnLabel(column.name, asked), '은/는')} **${value(column)}**`)
  const last = others.at(-1)
  return `${withJosa(subject, '은/는')} **${value(first)}**, ${parts.join(', ')}${last ? endingOf(value(last)) : ''}`
}

/** The whole's value: the total, or for a query without groups its only row. */
export function wholeOf(column: Column, answer: QueryAnswer) {
  const isUngrouped = answer.columns.every((each) => each.role === 'measure')
  return answer.totals[column.name] ?? (isUngrouped ? (answer.rows[0]?.[column.name] ?? null) : null)
}
