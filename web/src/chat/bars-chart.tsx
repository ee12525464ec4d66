import { Bar, BarChart, CartesianGrid, LabelList, Tooltip, XAxis, YAxis } from 'recharts'
import classes from './answer-chart.module.css'
import { barsFit, textWidth } from './bars-fit.ts'
import { axisText, type ChartProps, ChartTooltip, gridLine, labelAxis, labelText, seriesColor } from './chart-parts.tsx'
import { axisTicks, shortNumber } from './number-axis.ts'

const barPx = 20
const uprightBarPx = 40
const rowGapPx = 12
const axisPx = 28
const uprightPx = 260

type Layout = ReturnType<typeof layOut>

/** Ranking as bars from zero, each with its number at its end. They lie when names or numbers would run into each other. */
export function BarsChart(props: ChartProps & { horizontal: boolean }) {
  const { data, colors, horizontal } = props
  const layout = layOut(props)
  const isLying = horizontal || (!layout.fits && !data.isTime)
  return (
    <>
      {data.series.length > 1 && (
        <ul className={classes.key}>
          {data.series.map(({ key, label }) => (
            <li key={key}>
              <i style={{ background: seriesColor(key, label, colors) }} />
              {label}
            </li>
          ))}
        </ul>
      )}
      {isLying ? <LyingBars {...props} layout={layout} /> : <UprightBars {...props} layout={layout} />}
    </>
  )
}

/** How wide numbers and names are, where the axis has its marks, and whether upright bars have room for their words. */
function layOut({ data, width, language }: ChartProps) {
  const type = data.series[0]?.type ?? 'number'
  const format = (value: unknown) => shortNumber(Number(value), type, language)
  const numbers = data.points.flatMap((point) => Object.values(point.values).filter((value) => value !== null))
  const [least, most] = [Math.min(0, ...numbers), Math.max(0, ...numbers)]
  const numberWidth = Math.max(...numbers.map((value) => textWidth(format(value))))
  const nameWidth = Math.max(...data.points.map((point) => textWidth(point.label)))
  const counts = { points: data.points.length, series: data.series.length }
  return {
    format,
    least,
    most,
    numberWidth,
    nameWidth,
    ticks: axisTicks(least, most, 4),
    fits: barsFit(width - numberWidth - 24, counts, { name: nameWidth, number: numberWidth }),
  }
}

function UprightBars({ layout, ...props }: ChartProps & { layout: Layout }) {
  const { data, width } = props
  const { format, ticks, numberWidth } = layout
  return (
    <BarChart data={data.points} width={width} height={uprightPx} margin={{ top: 20, right: 8, bottom: 0, left: 0 }}>
      <CartesianGrid vertical={false} syncWithTicks {...gridLine} />
      <XAxis {...labelAxis} minTickGap={8} />
      <YAxis
        tick={axisText}
        tickFormatter={format}
        ticks={ticks}
        domain={[Math.min(...ticks), Math.max(...ticks)]}
        tickLine={false}
        axisLine={false}
        width={numberWidth + 12}
      />
      {tooltip(props)}
      {bars(props, { maxBarSize: uprightBarPx }, layout.fits ? 'top' : null)}
    </BarChart>
  )
}

type NameTick = { x: string | number; y: string | number; payload: { value: unknown } }

function LyingBars({ layout, ...props }: ChartProps & { layout: Layout }) {
  const { data, width } = props
  const { format, ticks, least, most, numberWidth } = layout
  const nameWidth = Math.min(layout.nameWidth + 12, width * 0.36)
  const many = data.series.length > 1
  const size = many ? barPx * 0.7 : barPx
  return (
    <BarChart
      layout="vertical"
      data={data.points}
      width={width}
      height={data.points.length * (size * data.series.length + rowGapPx + (many ? 4 : 0)) + axisPx}
      margin={{ top: 0, right: numberWidth + 16, bottom: 0, left: 0 }}
    >
      <CartesianGrid horizontal={false} syncWithTicks {...gridLine} />
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
      {tooltip(props)}
      {bars(props, { barSize: size }, 'right')}
    </BarChart>
  )
}

function tooltip({ data, colors }: ChartProps) {
  return (
    <Tooltip
      content={<ChartTooltip data={data} colors={colors} />}
      cursor={{ fill: 'var(--bg-sunken)' }}
      isAnimationActive={false}
    />
  )
}

function bars(props: ChartProps, size: { barSize: number } | { maxBarSize: number }, labels: 'top' | 'right' | null) {
  const { data, colors, language } = props
  return data.series.map(({ key, label, type }) => (
    <Bar
      key={key}
      dataKey={(point) => point.values[key]}
      name={label}
      fill={seriesColor(key, label, colors)}
      {...size}
      radius={2}
      isAnimationActive={false}
    >
      {labels && (
        <LabelList
          position={labels}
          {...labelText}
          formatter={(value: unknown) => shortNumber(Number(value), type, language)}
        />
      )}
    </Bar>
  ))
}

/** The name cut to a width; the whole is in the tooltip and the table. */
function fitted(name: string, width: number): string {
  if (textWidth(name) <= width) return name
  let cut = name
  while (cut.length > 1 && textWidth(`${cut}…`) > width) cut = cut.slice(0, -1)
  return `${cut.trimEnd()}…`
}
