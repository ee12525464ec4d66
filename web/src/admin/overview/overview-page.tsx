import { useEffect, useEffectEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Reading } from '../../parts/reading.tsx'
import { Page, Section } from '../../parts/section.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import type { AdminRequests } from '../admin-requests.ts'
import { ConnectionSection } from './connection-section.tsx'
import { ChangesTable, CopyTable } from './copy-tables.tsx'
import { SyncSection } from './sync-section.tsx'

const busyMs = 2_000
const quietMs = 15_000

/** How the ERP connection, the full sync and the copy are doing, kept up to date while one looks. */
export function OverviewPage({ requests }: { requests: AdminRequests }) {
  const { t } = useTranslation('admin')
  const connection = useLoaded(requests.readConnection, 'connection')
  const sync = useLoaded(requests.readSync, 'sync')
  const isBusy = sync.loaded.state === 'ready' && sync.loaded.value.activeRun !== undefined
  const look = useEffectEvent(() => {
    if (document.hidden) return
    sync.reload()
    connection.reload()
  })
  useEffect(() => {
    const timer = setInterval(look, isBusy ? busyMs : quietMs)
    return () => clearInterval(timer)
  }, [isBusy])
  return (
    <Page title={t('pages.overview')} lead={t('overview.lead')}>
      <ConnectionSection connection={connection} requests={requests} />
      <Reading of={sync} rows={6}>
        {(status) => (
          <>
            <SyncSection status={status} requests={requests} onChanged={sync.reload} />
            <Section title={t('overview.changes')}>
              <ChangesTable sources={status.sources} />
            </Section>
            <Section title={t('overview.copy')}>
              <CopyTable entities={status.entities} />
            </Section>
          </>
        )}
      </Reading>
    </Page>
  )
}
