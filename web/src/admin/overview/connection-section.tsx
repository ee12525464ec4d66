import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConnectionBody, ConnectionReportBody } from '../../../../src/sync/api.ts'
import { currentLanguage } from '../../i18n/i18n.ts'
import { Badge } from '../../parts/badge.tsx'
import { Problem } from '../../parts/problem.tsx'
import { Reading } from '../../parts/reading.tsx'
import { Section } from '../../parts/section.tsx'
import { asApiError, type Loaded, type LoadedHandle } from '../../parts/use-loaded.ts'
import { formatInstant } from '../../parts/when.ts'
import type { AdminRequests } from '../admin-requests.ts'
import { ConnectionReport } from './connection-report.tsx'
import classes from './overview.module.css'

type Props = { connection: LoadedHandle<ConnectionBody>; requests: AdminRequests }

const tones = { live: 'good', failover: 'notice', down: 'bad' } as const
const serverTones = { up: 'good', down: 'bad', unknown: 'plain' } as const

/** Whether the ERP answers, from which server, and a test of the whole way there. */
export function ConnectionSection({ connection, requests }: Props) {
  const { t } = useTranslation('admin')
  const [report, setReport] = useState<Loaded<ConnectionReportBody> | null>(null)

  async function test(): Promise<void> {
    setReport({ state: 'loading' })
    try {
      setReport({ state: 'ready', value: await requests.testConnection() })
    } catch (error) {
      setReport({ state: 'failed', error: asApiError(error) })
    }
    connection.reload()
  }

  return (
    <Section
      title={t('overview.connection')}
      actions={
        <button
          type="button"
          className="plain-button"
          disabled={report?.state === 'loading'}
          onClick={() => void test()}
        >
          {t('overview.test')}
        </button>
      }
    >
      <Reading of={connection} rows={2}>
        {(value) => <ConnectionCard connection={value} />}
      </Reading>
      <div aria-live="polite" className={classes.outcome}>
        {report?.state === 'loading' && <p className={classes.quiet}>{t('overview.testing')}</p>}
        {report?.state === 'failed' && <Problem error={report.error} onRetry={() => void test()} />}
        {report?.state === 'ready' && <ConnectionReport report={report.value} />}
      </div>
    </Section>
  )
}

function ConnectionCard({ connection: { state, servers, lastError, limitedUntil } }: { connection: ConnectionBody }) {
  const { t } = useTranslation('admin')
  const language = currentLanguage()
  return (
    <div className={classes.card}>
      <p>
        <Badge tone={tones[state]}>{t(`overview.state.${state}`)}</Badge>
      </p>
      <dl className={classes.facts}>
        {servers.map((server) => (
          <div key={server.name}>
            <dt>{server.name}</dt>
            <dd className={classes.states}>
              <Badge tone={serverTones[server.state]}>{t(`overview.serverState.${server.state}`)}</Badge>
              <span>{t('overview.since', { at: formatInstant(server.since, language) })}</span>
              {server.breaker && server.breaker !== 'closed' && (
                <Badge tone="notice">{t(`overview.breaker.${server.breaker}`)}</Badge>
              )}
            </dd>
          </div>
        ))}
        {lastError && (
          <div>
            <dt>{t('overview.lastError')}</dt>
            <dd>
              {formatInstant(lastError.at, language)} · <code>{lastError.code}</code>
            </dd>
          </div>
        )}
      </dl>
      {limitedUntil && <p>{t('overview.limited', { at: formatInstant(limitedUntil, language) })}</p>}
    </div>
  )
}
