import type { AnswerChart, AnswerTable } from '../../../src/chat/api.ts'
import { drawable } from './number-axis.ts'

type ChartSeries = { key: string; label: string; type: string }
export type ChartPoint = { label: string; values: Record<string, number | null>; texts: Record<string, string> }
export type ChartData = { xLabel: string; isTime: boolean; series: ChartSeries[]; points: ChartPoint[]; hidden: number }

/** More bars than this can't be read; the table has the rest. */
export const mostBars = 15
/** More slices than this can't be told apart; the smallest become one. */
const mostSlices = 7

/** Reads a chart's columns out of its table. Null when the chart names columns that aren't there or nothing can be drawn. */
export function readChart(table: AnswerTable, chart: AnswerChart): ChartData | null {
  const x = table.columns.findIndex((column) => column.name === chart.x)
  const found = seriesNames(table, chart)
    .map((name) => table.columns.findIndex((column) => column.name === name))
    .filter((at) => at >= 0)
  const xColumn = table.columns[x]
  if (!xColumn || found.length === 0) return null
  const series = found.flatMap((at) => {
    const column = table.columns[at]
    return column ? [{ key: column.name, label: column.label, type: column.type }] : []
  })
  const points = table.rows.map((row): ChartPoint => {
    const cells = found.map((at, n) => ({ key: series[n]?.key ?? '', cell: row[at] }))
    return {
      label: row[x]?.text ?? '',
      values: Object.fromEntries(cells.map(({ key, cell }) => [key, drawable(cell?.value ?? null)])),
      texts: Object.fromEntries(cells.map(({ key, cell }) => [key, cell?.text ?? ''])),
    }
  })
  const shown = chart.kind === 'bar' ? points.slice(0, mostBars) : points
  const drawn = shown.some((point) => Object.values(point.values).some((value) => value !== null))
  return drawn
    ? {
        xLabel: xColumn.label,
        isTime: xColumn.type === 'date',
        series,
        points: shown,
        hidden: points.length - shown.length,
      }
    : null
}

/** A single series is drawn beside its earlier period when the table has that. */
function seriesNames(table: AnswerTable, chart: AnswerChart): string[] {
  const [only, ...others] = chart.series
  if (only === undefined || others.length > 0 || chart.kind === 'pie') return chart.series
  const earlier = `previous:${only}`
  return table.columns.some((column) => column.name === earlier) ? [only, earlier] : chart.series
}

export type Slice = { label: string; value: number; text: string; share: number }

/** The slices of a pie, biggest first, the smallest put together under `others`. Values below zero have no share and are left out. */
export function readSlices(data: ChartData, others: string): Slice[] {
  const key = data.series[0]?.key ?? ''
  const all = data.points
    .map((point) => ({ label: point.label, value: point.values[key] ?? 0, text: point.texts[key] ?? '' }))
    .filter((slice) => slice.value > 0)
    .sort((a, b) => b.value - a.value)
  const whole = all.reduce((sum, slice) => sum + slice.value, 0)
  const big = all.length > mostSlices ? all.slice(0, mostSlices - 1) : all
  const rest = all.slice(big.length).reduce((sum, slice) => sum + slice.value, 0)
  const slices = rest > 0 ? [...big, { label: others, value: rest, text: '' }] : big
  return slices.map((slice) => ({ ...slice, share: whole > 0 ? (slice.value / whole) * 100 : 0 }))
}
