import papaparse from 'papaparse'
import { splitDimension } from '#catalog'
import type { Cell, Column, QueryAnswer, Row } from '#erp'
import { formulaStart } from '#platform/formula-cells'
import { cellText, isNumeric } from './answer/cells.ts'
import { toDate } from './answer/dates.ts'
import { toExact } from './answer/numbers.ts'
import { labelWithUnit } from './answer/table.ts'
import type { Asked } from './answer/wording.ts'
import { cleanText, writeWorkbook } from './write-workbook.ts'

export type ExportFormat = 'csv' | 'xlsx'
export type ExportedFile = { name: string; mediaType: string; content: Buffer }
/** Rows in the order they are read; `notes` say what was asked, what it covers and where it is from. */
export type FileInput = { asked: Asked; answer: QueryAnswer; rows: Row[]; notes: string[] }

export const mediaTypes: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

/** The rows as a file with exact values: a comma-separated one that Excel opens as UTF-8, or a workbook. */
export async function writeFile(input: FileInput, format: ExportFormat): Promise<ExportedFile> {
  const content = format === 'csv' ? writeCsv(input) : await writeWorkbook(input)
  return { name: `${fileTitle(input.asked)}.${format}`, mediaType: mediaTypes[format], content }
}

function writeCsv({ asked, answer, rows }: FileInput): Buffer {
  const fields = answer.columns.map((column) => labelWithUnit(column, asked))
  const data = rows.map((row) => answer.columns.map((column) => exactText(row[column.name] ?? null, column, asked)))
  return Buffer.from(`\ufeff${papaparse.unparse({ fields, data }, { escapeFormulae: formulaStart })}\r\n`, 'utf8')
}

/** Exact: numbers as the ERP has them, dates ISO, codes by their label, grains as a person reads them. */
function exactText(cell: Cell, column: Column, asked: Asked): string {
  if (cell === null) return ''
  if (isNumeric(column.type)) return toExact(cell)?.toFixed() ?? String(cell)
  if (column.type === 'date' && !splitDimension(column.name).grain) return String(cell)
  return cleanText(cellText(cell, column, asked))
}

/** 매출_2026-11-01_2026-11-30, without anything a file system would trip over. */
function fileTitle({ query, entity, language, today }: Asked): string {
  const { from, to } = query.period ?? {}
  const dates = from || to ? [from, to].filter((date) => date && toDate(date)) : [today]
  return [entity.label[language], ...dates].join('_').replace(/[\\/:*?"<>|\s\p{Cc}]+/gu, '_')
}
