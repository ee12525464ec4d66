import { Bar, BarChart, CartesianGrid, LabelList, Tooltip, XAxis, YAxis } from 'recharts'
import { axisText, type ChartProps, ChartTooltip, gridLine, labelText, seriesColor, textWidth } from './chart-parts.tsx'
import { axisTicks, shortNumber } from './number-axis.ts'

const barPx = 20
const uprightBarPx = 40
const rowGapPx = 12
const axisPx = 28
const uprightPx = 260

type NameTick = { x: string | number; y: string | number; payload: { value: unknown } }

/** Ranking as bars from zero, each with its number at its end. Horizontal when names are long. */
export function BarsChart({ data, width, language, colors, horizontal }: ChartProps & { horizontal: boolean }) {
  const type = data.series[0]?.type ?? 'number'
  const format = (value: unknown) => shortNumber(Number(value), type, language)
  const numbers = data.points.flatMap((point) => Object.values(point.values).filter((value) => value !== null))
  const [least, most] = [Math.min(0, ...numbers), Math.max(0, ...numbers)]
  const ticks = axisTicks(least, most, 4)
  const longestNumber = Math.max(...numbers.map((value) => textWidth(format(value))))
  const longestName = Math.max(...data.points.map((point) => textWidth(point.label)))
  const nameWidth = Math.min(longestName + 12, width * 0.36)
  const bars = data.series.map(({ key, label, type: seriesType }) => (
    <Bar
      key={key}
      dataKey={(point) => point.values[key]}
      name={label}
      fill={seriesColor(key, label, colors)}
      {...(horizontal ? { barSize: data.series.length > 1 ? barPx * 0.7 : barPx } : { maxBarSize: uprightBarPx })}
      radius={2}
      isAnimationActive={false}
    >
      <LabelList
        position={horizontal ? 'right' : 'top'}
        {...labelText}
        formatter={(value: unknown) => shortNumber(Number(value), seriesType, language)}
      />
    </Bar>
  ))
  const tooltip = (
    <Tooltip
      content={<ChartTooltip data={data} colors={colors} />}
      cursor={{ fill: 'var(--bg-sunken)' }}
      isAnimationActive={false}
    />
  )
  if (!horizontal) {
    return (
      <BarChart data={data.points} width={width} height={uprightPx} margin={{ top: 20, right: 8, bottom: 0, left: 0 }}>
        <CartesianGrid vertical={false} {...gridLine} />
        <XAxis dataKey="label" tick={axisText} tickLine={false} axisLine={{ stroke: 'var(--line-strong)' }} />
        <YAxis
          tick={axisText}
          tickFormatter={format}
          ticks={ticks}
          domain={[Math.min(...ticks), Math.max(...ticks)]}
          tickLine={false}
          axisLine={false}
          width={longestNumber + 12}
        />
        {tooltip}
        {bars}
      </BarChart>
    )
  }
  const rowPx = data.series.length > 1 ? data.series.length * barPx * 0.7 + rowGapPx + 4 : barPx + rowGapPx
  return (
    <BarChart
      layout="vertical"
      data={data.points}
      width={width}
      height={data.points.length * rowPx + axisPx}
      margin={{ top: 0, right: longestNumber + 16, bottom: 0, left: 0 }}
    >
      <CartesianGrid horizontal={false} {...gridLine} />
      <XAxis
        type="number"
        tick={axisText}
        tickFormatter={format}
        tickLine={false}
        axisLine={false}
        ticks={ticks.filter((tick) => tick >= least && tick <= most)}
        domain={[least, most]}
        height={axisPx}
      />
      <YAxis
        type="category"
        dataKey="label"
        width={nameWidth}
        interval={0}
        tick={(tick: NameTick) => (
          <text x={tick.x} y={tick.y} dy="0.35em" textAnchor="end" {...labelText}>
            {fitted(String(tick.payload.value), nameWidth - 12)}
          </text>
        )}
        tickLine={false}
        axisLine={{ stroke: 'var(--line-strong)' }}
      />
      {tooltip}
      {bars}
    </BarChart>
  )
}

/** The name cut to a width; the whole is in the tooltip and the table. */
function fitted(name: string, width: number): string {
  if (textWidth(name) <= width) return name
  let cut = name
  while (cut.length > 1 && textWidth(`${cut}…`) > width) cut = cut.slice(0, -1)
  return `${cut.trimEnd()}…`
}
