import { splitMeasure } from '#catalog'
import type { QueryAnswer } from '#erp'
import type { View } from '#nlu'
import type { AnswerChart } from '../api.ts'
import { cellText } from './cells.ts'
import { toExact } from './numbers.ts'
import { dimensionColumns, measureColumns, type ReadRow, timeColumn } from './rows.ts'
import type { Asked } from './wording.ts'

const longName = 6
const manyBars = 8
const mostSlices = 8

/** How the table can be drawn: a line for time, bars for a ranking, a pie only for shares unless the person asked for one. */
export function chooseChart(
  rows: ReadRow[],
  answer: QueryAnswer,
  asked: Asked,
  wanted: View | undefined,
): AnswerChart | undefined {
  const [x, second] = dimensionColumns(answer)
  const measures = measureColumns(answer)
  const [first] = measures
  if (!x || second || !first || rows.length < 2 || !asked.query.groupBy?.length) return undefined
  const time = timeColumn(answer)
  const series = measures.filter((column) => column.type === first.type).map((column) => column.name)
  const isShare = splitMeasure(first.name).prefix === 'share'
  const canBePie = !time && series.length === 1 && rows.length <= mostSlices && arePositive(rows, first.name)
  const kind = chooseKind({ wanted, isTime: time !== undefined, isShare, canBePie })
  const longest = Math.max(...rows.map(({ row }) => cellText(row[x.name] ?? null, x, asked).length))
  return {
    kind,
    x: x.name,
    series,
    horizontal: kind === 'bar' && !time && (longest > longName || rows.length > manyBars),
  }
}

type Choice = { wanted: View | undefined; isTime: boolean; isShare: boolean; canBePie: boolean }

function chooseKind({ wanted, isTime, isShare, canBePie }: Choice): AnswerChart['kind'] {
  if (wanted === 'pie' && canBePie) return 'pie'
  if (wanted === 'bar' || wanted === 'line') return wanted
  if (isTime) return 'line'
  return isShare && canBePie && wanted === undefined ? 'pie' : 'bar'
}

function arePositive(rows: ReadRow[], name: string): boolean {
  return rows.every(({ row }) => toExact(row[name])?.gte(0) ?? false)
}
