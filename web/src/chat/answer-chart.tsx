import { useElementSize } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import type { AnswerChart, AnswerTable } from '../../../src/chat/api.ts'
import classes from './answer-chart.module.css'
import { BarsChart } from './bars-chart.tsx'
import { readChart } from './chart-data.ts'
import type { ColorBook } from './color-book.ts'
import { LinesChart } from './lines-chart.tsx'
import { SharesChart } from './shares-chart.tsx'

type Props = { table: AnswerTable; chart: AnswerChart; language: 'ko' | 'en'; colors: ColorBook }

/** Draws an answer's rows in the kind the server chose. Loaded only when a chart is first shown. */
export function AnswerChartView({ table, chart, language, colors }: Props) {
  const { t } = useTranslation()
  const { ref, width } = useElementSize()
  const data = readChart(table, chart)
  if (!data) return null
  const label = t('answer.chartLabel', { x: data.xLabel, series: data.series.map((series) => series.label).join(', ') })
  const size = { data, width, language, colors }
  return (
    <figure className={classes.chart}>
      <div ref={ref} role="img" aria-label={label}>
        {width === 0 && <div className={`skeleton ${classes.ghost}`} />}
        {width > 0 && chart.kind === 'bar' && <BarsChart {...size} horizontal={chart.horizontal} />}
        {width > 0 && chart.kind === 'line' && <LinesChart {...size} />}
        {width > 0 && chart.kind === 'pie' && <SharesChart {...size} />}
      </div>
      {data.hidden > 0 && (
        <figcaption className={classes.note}>{t('answer.firstBars', { count: data.points.length })}</figcaption>
      )}
    </figure>
  )
}
