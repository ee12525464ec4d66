import type { BusinessQuery, RowFilter } from '#catalog'
import type { QueryAnswer } from '#erp'
import { conditionText } from './answer/conditions.ts'
import { measureNoun, recordsNoun } from './answer/nouns.ts'
import { renderAnswer } from './answer/render-answer.ts'
import { readRows } from './answer/rows.ts'
import { subjectText } from './answer/subject.ts'
import { type Asked, columnLabel, toAsked, type Wording } from './answer/wording.ts'
import type { Answer } from './api.ts'
import { type ExportedFile, writeFile } from './write-file.ts'

export type ReportInput = Wording & {
  query: BusinessQuery
  answer: QueryAnswer
  /** The rows that the reader may see. */
  rows: RowFilter
  now: Date
  /** First line of the workbook's second sheet. */
  question: string
  /** Last line of it. */
  note?: string | undefined
}

/** A query's answer for somebody who has asked before: what the chat would say, under a title, and as a workbook. */
export type Report = { title: string; answer: Answer; writeWorkbook(): Promise<ExportedFile> }

/** Renders a report, or null when the catalog no longer has the entity. */
export function renderReport({
  query,
  answer,
  rows,
  now,
  question,
  note = '',
  ...wording
}: ReportInput): Report | null {
  const asked = toAsked(query, wording)
  if (!asked) return null
  const rendered = renderAnswer({ asked, answer, rows, now })
  const notes = [question, rendered.coverage ?? '', rendered.sourceText ?? '', note].filter(Boolean)
  return {
    title: subjectOfAsked(asked),
    answer: rendered,
    writeWorkbook: () =>
      writeFile({ asked, answer, rows: readRows(answer, asked).map(({ row }) => row), notes }, 'xlsx'),
  }
}

/** The query as a noun phrase: 지난주 거래처별 매출. Null when the catalog has no such entity. */
export function describeSubject(query: BusinessQuery, wording: Wording): string | null {
  const asked = toAsked(query, wording)
  return asked && subjectOfAsked(asked)
}

/** The conditions of a query as its chips say them: 재고수량 100개 미만. */
export function describeConditions(query: BusinessQuery, wording: Wording): string {
  const asked = toAsked(query, wording)
  if (!asked) return ''
  return (query.where ?? [])
    .map((condition) => `${columnLabel(condition[0], asked)} ${conditionText(condition, asked)}`)
    .join(wording.language === 'ko' ? ' · ' : ', ')
}

function subjectOfAsked(asked: Asked): string {
  const [first] = asked.query.measures
  return subjectText(first ? measureNoun(first, asked) : recordsNoun(asked), asked)
}
