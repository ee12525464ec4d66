import { useTranslation } from 'react-i18next'
import { Cell, Pie, PieChart } from 'recharts'
import classes from './answer-chart.module.css'
import { readSlices } from './chart-data.ts'
import type { ChartProps } from './chart-parts.tsx'

const sizePx = 200

/** Shares of a whole: a ring, and beside it every part by name with its percent, biggest first. */
export function SharesChart({ data, colors }: ChartProps) {
  const { t } = useTranslation()
  const others = t('answer.others')
  const isPercent = data.series[0]?.type === 'percent'
  const slices = readSlices(data, others).map((slice) => ({
    ...slice,
    color: slice.label === others ? 'var(--chart-rest)' : colors.colorOf(slice.label),
  }))
  return (
    <div className={classes.shares}>
      <PieChart width={sizePx} height={sizePx}>
        <Pie
          data={slices}
          dataKey="value"
          nameKey="label"
          innerRadius={60}
          outerRadius={96}
          startAngle={90}
          endAngle={-270}
          stroke="var(--bg)"
          strokeWidth={2}
          isAnimationActive={false}
        >
          {slices.map((slice) => (
            <Cell key={slice.label} fill={slice.color} />
          ))}
        </Pie>
      </PieChart>
      <ul>
        {slices.map((slice) => (
          <li key={slice.label} className={classes.share}>
            <i style={{ background: slice.color }} />
            <span>{slice.label}</span>
            {!isPercent && <span className={classes.shareText}>{slice.text}</span>}
            <b>{slice.share.toFixed(1)}%</b>
          </li>
        ))}
      </ul>
    </div>
  )
}
