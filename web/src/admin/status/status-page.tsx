import { useEffect, useEffectEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { DependencyBody, StatusBody } from '../../../../src/telemetry/health/api.ts'
import { currentLanguage } from '../../i18n/i18n.ts'
import { Badge, type Tone } from '../../parts/badge.tsx'
import { Reading } from '../../parts/reading.tsx'
import { Page } from '../../parts/section.tsx'
import { Table } from '../../parts/table.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { formatInstant } from '../../parts/when.ts'
import type { SystemRequests } from '../system-requests.ts'
import classes from './status-page.module.css'

const lookEveryMs = 15_000
const tones: Record<DependencyBody['state'], Tone> = {
  up: 'good',
  partly: 'notice',
  down: 'bad',
  unknown: 'plain',
  absent: 'plain',
}

/** The health of everything that the service depends on, kept up to date while one looks. */
export function StatusPage({ requests }: { requests: SystemRequests }) {
  const { t } = useTranslation('admin')
  const status = useLoaded(requests.readStatus, 'status')
  const look = useEffectEvent(() => {
    if (!document.hidden) status.reload()
  })
  useEffect(() => {
    const timer = setInterval(look, lookEveryMs)
    return () => clearInterval(timer)
  }, [])
  return (
    <Page title={t('pages.status')} lead={t('status.lead')}>
      <Reading of={status} rows={8}>
        {(value) => <StatusView status={value} />}
      </Reading>
    </Page>
  )
}

function StatusView({ status: { state, dependencies } }: { status: StatusBody }) {
  const { t } = useTranslation('admin')
  const language = currentLanguage()
  return (
    <>
      <p className={classes.all} data-tone={tones[state]} role="status">
        {t(`status.all.${state}`)}
      </p>
      <Table
        label={t('pages.status')}
        rows={dependencies}
        keyOf={({ name }) => name}
        columns={[
          { key: 'name', title: t('status.dependency'), cell: ({ label }) => label[language] },
          { key: 'state', title: t('status.stateTitle'), cell: (dependency) => <State dependency={dependency} /> },
          {
            key: 'effect',
            title: t('status.effect'),
            cell: ({ effect }) => <span className={classes.effect}>{effect[language]}</span>,
          },
          {
            key: 'took',
            title: t('status.took'),
            numeric: true,
            cell: ({ tookMs, state: own }) =>
              tookMs === undefined || own === 'down' ? '–' : t('status.ms', { count: Math.max(1, Math.round(tookMs)) }),
          },
        ]}
      />
    </>
  )
}

function State({ dependency: { state, since, reason, parts } }: { dependency: DependencyBody }) {
  const { t } = useTranslation('admin')
  const language = currentLanguage()
  const shown = parts.length > 1 || parts.some((part) => part.state === 'down' || part.breaker) ? parts : []
  return (
    <div className={classes.state}>
      <span className={classes.line}>
        <Badge tone={tones[state]}>{t(`status.state.${state}`)}</Badge>
        {reason && <code title={t('status.reason')}>{reason}</code>}
      </span>
      {since && state !== 'absent' && (
        <span className={classes.since}>{t('status.since', { at: formatInstant(since, language) })}</span>
      )}
      {shown.map((part) => (
        <span key={part.name} className={classes.line}>
          <span className={classes.part}>{part.name}</span>
          <Badge tone={tones[part.state]}>{t(`status.state.${part.state}`)}</Badge>
          {part.breaker && <Badge tone="notice">{t(`overview.breaker.${part.breaker}`)}</Badge>}
        </span>
      ))}
    </div>
  )
}
