import type { Answer, AnswerTable } from '../../../src/chat/api.ts'
import { withoutBold } from './bold-text.ts'

/** The table as tab-separated text, exact values for numbers: what a spreadsheet takes from the clipboard. */
export function tableAsText(table: AnswerTable): string {
  const head = table.columns.map((column) => column.label)
  const body = table.rows.map((row) =>
    row.map((cell, at) => (table.columns[at]?.numeric ? String(cell.value ?? '') : cell.text)),
  )
  return [head, ...body].map((row) => row.map((cell) => cell.replace(/[\t\r\n]+/g, ' ')).join('\t')).join('\n')
}

/** An answer as text: sentence, coverage, table, source. A number never leaves without where it is from. */
export function answerAsText(answer: Answer): string {
  return [
    withoutBold(answer.text),
    answer.coverage,
    answer.table && answer.table.rows.length > 0 ? `\n${tableAsText(answer.table)}\n` : undefined,
    answer.sourceText,
  ]
    .filter((part) => part !== undefined && part !== '')
    .join('\n')
}
