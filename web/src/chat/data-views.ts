import type { Answer } from '../../../src/chat/api.ts'
import { readChart } from './chart-data.ts'

export type ViewName = 'number' | 'table' | 'chart'

/** Which views an answer can be shown in: only those that would show something. */
export function dataViews(answer: Answer): ViewName[] {
  const views: ViewName[] = []
  if (answer.headline) views.push('number')
  if (answer.table && answer.table.rows.length > 0) views.push('table')
  if (answer.table && answer.chart && readChart(answer.table, answer.chart)) views.push('chart')
  return views
}

/** The view the server proposes if there is such a one, else the richest. */
export function firstView(answer: Answer): ViewName {
  const views = dataViews(answer)
  const isChart = answer.view === 'bar' || answer.view === 'line' || answer.view === 'pie'
  const proposed = isChart ? 'chart' : answer.view
  const match = views.find((view) => view === proposed)
  return match ?? views.find((view) => view === 'table') ?? views[0] ?? 'number'
}
