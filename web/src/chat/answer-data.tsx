import { useMediaQuery } from '@mantine/hooks'
import { lazy, Suspense, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Answer, AnswerChart, AnswerTable } from '../../../src/chat/api.ts'
import { ErrorBoundary } from '../shell/error-boundary.tsx'
import { phoneQuery } from '../shell/phone-query.ts'
import classes from './answer-data.module.css'
import type { ColorBook } from './color-book.ts'
import { DataTable } from './data-table.tsx'
import { dataViews, firstView, type ViewName } from './data-views.ts'
import { PhoneTable } from './phone-table.tsx'

// Charts are the heaviest part of the page and not in every answer.
const AnswerChartView = lazy(async () => ({ default: (await import('./answer-chart.tsx')).AnswerChartView }))

type Props = { answer: Answer; colors: ColorBook }

/** The rows behind an answer: as number alone, table or chart, whichever there are. */
export function AnswerData({ answer, colors }: Props) {
  const { t } = useTranslation()
  const id = useId()
  const views = dataViews(answer)
  const [view, setView] = useState<ViewName>(() => firstView(answer))
  const isPhone = useMediaQuery(phoneQuery, undefined, { getInitialValueInEffect: false })
  if (views.length === 1 && views[0] === 'number') return null

  function step(from: ViewName, by: number): void {
    const next = views[(views.indexOf(from) + by + views.length) % views.length]
    if (!next) return
    setView(next)
    document.getElementById(`${id}-${next}`)?.focus()
  }

  return (
    <div className={classes.data}>
      {views.length > 1 && (
        <div className={classes.tabs} role="tablist" aria-label={t('answer.views')}>
          {views.map((name) => (
            <button
              key={name}
              id={`${id}-${name}`}
              type="button"
              role="tab"
              className={classes.tab}
              aria-selected={view === name}
              aria-controls={`${id}-panel`}
              tabIndex={view === name ? 0 : -1}
              onClick={() => setView(name)}
              onKeyDown={(event) => {
                if (event.key === 'ArrowRight') step(name, 1)
                if (event.key === 'ArrowLeft') step(name, -1)
              }}
            >
              {t(`answer.${name}`)}
            </button>
          ))}
        </div>
      )}
      <div
        id={`${id}-panel`}
        className={classes.panel}
        {...(views.length > 1 ? { role: 'tabpanel', 'aria-labelledby': `${id}-${view}` } : {})}
      >
        {view === 'table' && answer.table && <Rows table={answer.table} answer={answer} isPhone={isPhone === true} />}
        {view === 'chart' && answer.table && answer.chart && (
          <Chart table={answer.table} chart={answer.chart} answer={answer} colors={colors} />
        )}
      </div>
    </div>
  )
}

function Rows({ table, answer, isPhone }: { table: AnswerTable; answer: Answer; isPhone: boolean }) {
  const { t } = useTranslation()
  const isRecords = answer.query !== undefined && answer.query.measures.length === 0
  return (
    <>
      {isPhone ? <PhoneTable table={table} isRecords={isRecords} /> : <DataTable table={table} />}
      {table.rowCount > table.rows.length && (
        <p className={classes.partial}>
          {t('answer.firstRows', { count: table.rows.length, total: table.rowCount.toLocaleString('en-US') })}
        </p>
      )}
    </>
  )
}

function Chart({ table, chart, answer, colors }: { table: AnswerTable; chart: AnswerChart } & Props) {
  const { t } = useTranslation()
  const kind = answer.view === 'bar' || answer.view === 'line' || answer.view === 'pie' ? answer.view : chart.kind
  const waiting = <div className={`skeleton ${classes.chartGhost}`} role="img" aria-label={t('answer.chartLoading')} />
  return (
    <ErrorBoundary fallback={<DataTable table={table} />}>
      <Suspense fallback={waiting}>
        <AnswerChartView table={table} chart={{ ...chart, kind }} language={answer.language} colors={colors} />
      </Suspense>
    </ErrorBoundary>
  )
}
