import { Decimal } from 'decimal.js'
import type { Answer } from '#chat'

/** What a chart shows: a label for each row, and for each series a value and how it is written. */
export type ChartData = {
  labels: string[]
  series: { label: string; values: { value: number; text: string }[] }[]
}

const mostSeries = 3
/** A picture of more bars is none to read; the table has the rest. */
const mostBars = 20
const mostPoints = 120

/** The rows of an answer's chart, or null when it has none to draw. */
export function readSeries({ table, chart }: Pick<Answer, 'table' | 'chart'>): ChartData | null {
  if (!table || !chart) return null
  const at = (name: string) => table.columns.findIndex((column) => column.name === name)
  const x = at(chart.x)
  const most = chart.kind === 'line' ? mostPoints : mostBars
  const rows = chart.kind === 'line' ? table.rows.slice(-most) : table.rows.slice(0, most)
  if (x < 0 || rows.length < 2) return null
  const series = chart.series.slice(0, mostSeries).flatMap((name) => {
    const index = at(name)
    const label = table.columns[index]?.label
    if (label === undefined) return []
    const values = rows.map((row) => ({ value: toNumber(row[index]?.value), text: row[index]?.text ?? '' }))
    return [{ label, values }]
  })
  return series.length === 0 ? null : { labels: rows.map((row) => row[x]?.text ?? ''), series }
}

/** For drawing only: a picture has no more digits than pixels. */
function toNumber(value: unknown): number {
  if (typeof value !== 'string' && typeof value !== 'number') return 0
  try {
    const number = new Decimal(value).toNumber()
    return Number.isFinite(number) ? number : 0
  } catch {
    return 0
  }
}
