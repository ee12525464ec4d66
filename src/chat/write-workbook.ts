import writeXlsxFile, { type CellObject, getSheetData } from 'write-excel-file/node'
import { splitDimension } from '#catalog'
import type { Cell, Column, Row } from '#erp'
import { cellText, isNumeric } from './answer/cells.ts'
import { toExact } from './answer/numbers.ts'
import { labelWithUnit } from './answer/table.ts'
import type { Asked } from './answer/wording.ts'
import type { FileInput } from './write-file.ts'

const exactDigits = 15
const longestText = 32_767
/** What XML cannot carry. */
const illegal = /(?![\t\n\r])[\p{Cc}\p{Noncharacter_Code_Point}]/gu
const numberFormats: Partial<Record<Column['type'], string>> = { money: '#,##0', count: '#,##0', percent: '0.0"%"' }

/** A workbook: the rows as numbers, dates and texts, and a second sheet that says what they are. */
export async function writeWorkbook({ asked, answer, rows, notes }: FileInput): Promise<Buffer> {
  const data = getSheetData<Row>(
    rows,
    answer.columns.map((column) => ({
      header: { value: cleanText(labelWithUnit(column, asked)), fontWeight: 'bold' },
      cell: (row: Row) => sheetCell(row[column.name] ?? null, column, asked),
    })),
  )
  const widths = answer.columns.map((column) => ({ width: isNumeric(column.type) ? 18 : 22 }))
  const about = notes.map((note) => [{ value: cleanText(note), type: String }])
  const names = asked.language === 'ko' ? ['데이터', '설명'] : ['Data', 'About']
  return writeXlsxFile([
    { data, sheet: names[0] ?? 'Data', columns: widths, stickyRowsCount: 1 },
    { data: about, sheet: names[1] ?? 'About', columns: [{ width: 60 }] },
  ]).toBuffer()
}

function sheetCell(cell: Cell, column: Column, asked: Asked): CellObject | null {
  if (cell === null || cell === '') return null
  const number = isNumeric(column.type) ? toExact(cell) : null
  // A spreadsheet holds fifteen digits: longer numbers stay exact as text.
  if (number && number.precision() <= exactDigits) {
    return { value: number.toNumber(), type: Number, format: numberFormats[column.type] ?? '#,##0.####' }
  }
  if (number) return { value: number.toFixed(), type: String }
  if (column.type === 'date' && !splitDimension(column.name).grain && /^\d{4}-\d{2}-\d{2}$/.test(String(cell))) {
    return { value: new Date(`${cell}T00:00:00Z`), type: Date, format: 'yyyy-mm-dd' }
  }
  return { value: cleanText(cellText(cell, column, asked)), type: String }
}

/** Text as a file can hold it: without control characters but tabs and line breaks, and no longer than a cell. */
export function cleanText(text: string): string {
  return text.toWellFormed().replace(illegal, '').slice(0, longestText)
}
