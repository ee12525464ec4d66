import type { TooltipContentProps } from 'recharts'
import classes from './answer-chart.module.css'
import type { ChartData, ChartPoint } from './chart-data.ts'
import type { ColorBook } from './color-book.ts'

export type ChartProps = { data: ChartData; width: number; language: 'ko' | 'en'; colors: ColorBook }

/** Text of axes and labels, the same in every chart. */
export const axisText = { fontSize: 12, fill: 'var(--text-3)' } as const
export const labelText = { fontSize: 12, fill: 'var(--text)' } as const
export const gridLine = { stroke: 'var(--line)', strokeDasharray: '0' } as const

/** The axis that names the points along the bottom. */
export const labelAxis = {
  dataKey: 'label',
  tick: axisText,
  tickLine: false,
  axisLine: { stroke: 'var(--line-strong)' },
} as const

/** Whether a column holds the earlier period of a comparison: drawn grey, as what the other is measured by. */
export function isEarlier(key: string): boolean {
  return key.startsWith('previous:')
}

/** A series' colour: grey for the earlier period, else its own for the whole conversation. */
export function seriesColor(key: string, label: string, colors: ColorBook): string {
  return isEarlier(key) ? 'var(--chart-rest)' : colors.colorOf(label)
}

type TooltipProps = Partial<TooltipContentProps> & { data: ChartData; colors: ColorBook }

/** The exact values at one point. */
export function ChartTooltip({ active, payload, data, colors }: TooltipProps) {
  const point = payload?.[0]?.payload as ChartPoint | undefined
  if (!active || !point) return null
  return (
    <div className={classes.tooltip}>
      <p className={classes.tooltipTitle}>{point.label}</p>
      {data.series.map(({ key, label }) => (
        <p key={key} className={classes.tooltipRow}>
          <i style={{ background: seriesColor(key, label, colors) }} />
          {label}
          <b>{point.texts[key]}</b>
        </p>
      ))}
    </div>
  )
}
