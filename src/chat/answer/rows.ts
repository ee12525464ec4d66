import { splitDimension } from '#catalog'
import type { Column, QueryAnswer, Row } from '#erp'
import { grainOffset } from './dates.ts'
import { toExact } from './numbers.ts'
import type { Asked } from './wording.ts'

/** An answer's rows in the order they are read, each with the row of the earlier period that it is compared with. */
export type ReadRow = { row: Row; previous?: Row | undefined }

/** Groups without an order of their own: dates from early to late, the rest from large to small. Records keep the ERP's order. */
export function readRows(answer: QueryAnswer, asked: Asked): ReadRow[] {
  const isGrouped = (asked.query.groupBy?.length ?? 0) > 0
  const rows = isGrouped && !asked.query.orderBy?.length ? sortGroups(answer, asked) : answer.rows
  const previous = answer.previous
  if (!previous || asked.query.measures.length === 0) return rows.map((row) => ({ row }))
  if (!isGrouped) return rows.map((row) => ({ row, previous: previous.rows[0] ?? previous.totals }))
  const byKey = new Map(previous.rows.map((row) => [keyOf(row, asked, previous.from), row]))
  const from = asked.query.period?.from ?? ''
  return rows.map((row) => ({ row, previous: byKey.get(keyOf(row, asked, from)) }))
}

/** The columns that are measured. */
export function measureColumns(answer: QueryAnswer): Column[] {
  return answer.columns.filter((column) => column.role === 'measure')
}

/** The columns that name a row. */
export function dimensionColumns(answer: QueryAnswer): Column[] {
  return answer.columns.filter((column) => column.role === 'dimension')
}

/** Whether the rows go along time: a date cut by a grain. */
export function timeColumn(answer: QueryAnswer): Column | undefined {
  return dimensionColumns(answer).find((column) => splitDimension(column.name).grain !== undefined)
}

function sortGroups(answer: QueryAnswer, asked: Asked): Row[] {
  const time = timeColumn(answer)
  const measure = measureColumns(answer).find((column) => column.name === asked.query.measures[0])
  return answer.rows.toSorted((a, b) => {
    if (time) {
      const order = String(a[time.name] ?? '').localeCompare(String(b[time.name] ?? ''))
      if (order !== 0) return order
    }
    return measure ? compareCells(b, a, measure.name) : 0
  })
}

function compareCells(a: Row, b: Row, name: string): number {
  const [left, right] = [toExact(a[name]), toExact(b[name])]
  if (!left || !right) return left ? 1 : right ? -1 : 0
  return left.comparedTo(right)
}

/** What makes two rows of different periods the same: equal names, and the same place from the start of their period. */
function keyOf(row: Row, { query }: Asked, from: string): string {
  return JSON.stringify(
    (query.groupBy ?? []).map((group) => {
      const { grain, field } = splitDimension(group)
      return grain && field === query.period?.field ? grainOffset(String(row[group] ?? ''), from, grain) : row[group]
    }),
  )
}
