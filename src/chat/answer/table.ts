import type { Cell, Column, QueryAnswer } from '#erp'
import type { AnswerTable } from '../api.ts'
import { cellText, isNumeric } from './cells.ts'
import { changeCell } from './comparison.ts'
import { earlierWords } from './period-words.ts'
import type { ReadRow } from './rows.ts'
import { type Asked, columnLabel, counterOf } from './wording.ts'

/** Rows that travel with an answer and are kept with it; the file has them all. */
export const maxTableRows = 100

type TableCell = AnswerTable['rows'][number][number]
/** A column of the table: one of the answer's, or what it was before, or by how much it changed. */
type Drawn = { column: Column; part: 'current' | 'previous' | 'change'; label: string }

/** The table under an answer: labels with units, full digits, the whole's total in its last line. */
export function buildTable(rows: ReadRow[], answer: QueryAnswer, asked: Asked): AnswerTable {
  const drawn = drawnColumns(answer, asked)
  const shown = rows.slice(0, maxTableRows)
  const total = totalCells(drawn, answer, asked)
  return {
    columns: drawn.map(({ column, part, label }) => ({
      name: part === 'current' ? column.name : `${part}:${column.name}`,
      label,
      type: column.type,
      numeric: isNumeric(column.type),
    })),
    rows: shown.map(({ row, previous }) =>
      drawn.map((each) => drawCell(each, row[each.column.name] ?? null, previous?.[each.column.name] ?? null, asked)),
    ),
    ...(total && rows.length > 1 ? { total } : {}),
    rowCount: countRows(rows, answer, asked),
  }
}

/** A column's label with its unit in brackets: 매출액 (원). Percent cells carry their sign themselves. */
export function labelWithUnit(column: Column, asked: Asked): string {
  const label = columnLabel(column.name, asked)
  if (column.type === 'money') return `${label} (${asked.language === 'ko' ? '원' : 'KRW'})`
  if (!isNumeric(column.type) || column.type === 'percent' || column.name === 'count') return label
  const counter = counterOf(column.name, asked)
  return counter ? `${label} (${counter})` : label
}

function drawnColumns(answer: QueryAnswer, asked: Asked): Drawn[] {
  const { query, today, language } = asked
  const previous = answer.previous
  const earlier =
    query.compareTo && previous && query.measures.length > 0
      ? earlierWords(query.compareTo, previous, today, language)
      : null
  return answer.columns.flatMap((column): Drawn[] => {
    const current: Drawn = { column, part: 'current', label: labelWithUnit(column, asked) }
    if (!earlier || column.role !== 'measure') return [current]
    const before = language === 'ko' ? `${earlier} ${current.label}` : `${current.label}, ${earlier}`
    return [
      current,
      { column, part: 'previous', label: before },
      { column, part: 'change', label: language === 'ko' ? '증감' : 'Change' },
    ]
  })
}

function drawCell({ column, part }: Drawn, current: Cell, previous: Cell, asked: Asked): TableCell {
  if (part === 'change') return { text: changeCell(current, previous, column, asked), value: null }
  const value = part === 'current' ? current : previous
  return { text: cellText(value, column, asked), value }
}

function totalCells(drawn: Drawn[], answer: QueryAnswer, asked: Asked): (TableCell | null)[] | undefined {
  const cells = drawn.map((each): TableCell | null => {
    const current = answer.totals[each.column.name] ?? null
    if (current === null || each.column.role !== 'measure') return null
    return drawCell(each, current, answer.previous?.totals[each.column.name] ?? null, asked)
  })
  const isNamed = cells[0] === null && cells.some((cell) => cell !== null)
  const label = asked.language === 'ko' ? '전체' : 'Total'
  return isNamed ? [{ text: label, value: label }, ...cells.slice(1)] : undefined
}

/** All rows there are; of a top N, the N that were asked for. */
function countRows(rows: ReadRow[], answer: QueryAnswer, { query }: Asked): number {
  const isCut = answer.completeness.kind === 'first' && query.limit === undefined
  return isCut && answer.completeness.kind === 'first' ? answer.completeness.of : rows.length
}
