import { CartesianGrid, LabelList, Line, LineChart, Tooltip, XAxis, YAxis } from 'recharts'
import { textWidth } from './bars-fit.ts'
import { axisText, type ChartProps, ChartTooltip, gridLine, isEarlier, labelAxis, seriesColor } from './chart-parts.tsx'
import { axisTicks, shortNumber } from './number-axis.ts'

const heightPx = 260
/** With more points than this, dots run into each other. */
const mostDots = 16

type EndLabel = {
  x?: number | string | undefined
  y?: number | string | undefined
  index?: number | undefined
  value?: unknown
}

/** A course over time from zero, each line named at its end. */
export function LinesChart({ data, width, language, colors }: ChartProps) {
  const type = data.series[0]?.type ?? 'number'
  const format = (value: unknown) => shortNumber(Number(value), type, language)
  const numbers = data.points.flatMap((point) => Object.values(point.values).filter((value) => value !== null))
  const ticks = axisTicks(Math.min(...numbers), Math.max(...numbers), 4)
  const single = data.series.length === 1
  const lastAt = data.points.length - 1
  const endText = (label: string, value: unknown) => (single ? format(value) : `${label} ${format(value)}`)
  const endWidth = Math.max(
    ...data.series.map(({ key, label }) => textWidth(endText(label, data.points[lastAt]?.values[key] ?? 0))),
  )
  return (
    <LineChart
      data={data.points}
      width={width}
      height={heightPx}
      margin={{ top: 20, right: endWidth + 12, bottom: 0, left: 0 }}
    >
      <CartesianGrid vertical={false} syncWithTicks {...gridLine} />
      <XAxis {...labelAxis} minTickGap={16} padding={{ left: 8, right: 8 }} />
      <YAxis
        tick={axisText}
        tickFormatter={format}
        tickLine={false}
        axisLine={false}
        ticks={ticks}
        domain={[Math.min(...ticks), Math.max(...ticks)]}
        width={Math.max(...numbers.map((value) => textWidth(format(value)))) + 12}
      />
      <Tooltip
        content={<ChartTooltip data={data} colors={colors} />}
        cursor={{ stroke: 'var(--line-strong)' }}
        isAnimationActive={false}
      />
      {data.series.map(({ key, label }) => {
        const color = seriesColor(key, label, colors)
        return (
          <Line
            key={key}
            dataKey={(point) => point.values[key]}
            name={label}
            stroke={color}
            strokeWidth={2}
            {...(isEarlier(key) ? { strokeDasharray: '4 4' } : {})}
            dot={data.points.length <= mostDots ? { r: 3, fill: color, strokeWidth: 0 } : false}
            activeDot={{ r: 4, fill: color, strokeWidth: 0 }}
            isAnimationActive={false}
          >
            <LabelList
              content={({ x, y, index, value }: EndLabel) =>
                index === lastAt ? (
                  <text x={Number(x) + 8} y={Number(y) + 4} fontSize={12} fontWeight={600} fill="var(--text)">
                    {endText(label, value)}
                  </text>
                ) : null
              }
            />
          </Line>
        )
      })}
    </LineChart>
  )
}
