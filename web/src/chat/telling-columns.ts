import type { AnswerTable } from '../../../src/chat/api.ts'

/** Which columns a phone shows: `names` together on the left, `value` on the right. */
export type TellingColumns = { names: number[]; value: number | null }

/**
 * Grouped answers: what they are grouped by, and the first measure. Records: the catalog puts the two most telling
 * columns first. `isRecords` when the query sums nothing.
 */
export function tellingColumns(table: AnswerTable, isRecords: boolean): TellingColumns {
  const all = table.columns.map((_, at) => at)
  if (isRecords) return { names: all.slice(0, 1), value: all[1] ?? null }
  const names = all.filter((at) => !table.columns[at]?.numeric)
  const value = all.find((at) => table.columns[at]?.numeric) ?? null
  if (names.length === 0) return { names: all.slice(0, 1), value: all[1] ?? null }
  return { names, value }
}
