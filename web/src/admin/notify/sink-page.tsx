import { useTranslation } from 'react-i18next'
import type { SinkBody } from '../../../../src/notify/push/api.ts'
import { Empty } from '../../parts/empty.tsx'
import { Link } from '../../parts/link.tsx'
import { MoreButton } from '../../parts/more-button.tsx'
import { Reading } from '../../parts/reading.tsx'
import { Page } from '../../parts/section.tsx'
import { Table } from '../../parts/table.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { formatSecond } from '../../parts/when.ts'
import { adminPath } from '../admin-route.ts'
import classes from './notify.module.css'
import { BackLink } from './notify-parts.tsx'
import type { NotifyRequests } from './notify-requests.ts'

/** What would have been shown on devices while no provider is configured. */
export function SinkPage({ requests }: { requests: NotifyRequests }) {
  const { t } = useTranslation('admin')
  const list = useLoaded(() => requests.listSink(), 'sink')
  return (
    <div>
      <BackLink to={adminPath('push')}>{t('push.back')}</BackLink>
      <Page title={t('pages.push-sink')} lead={t('push.sinkLead')}>
        <Reading of={list} rows={6}>
          {({ records, next }) => (
            <div className={classes.list}>
              {records.length === 0 ? <Empty>{t('push.sinkEmpty')}</Empty> : <SinkTable records={records} />}
              {next && (
                <MoreButton
                  load={async () => {
                    const more = await requests.listSink(next)
                    list.show({ ...more, records: [...records, ...more.records] })
                  }}
                />
              )}
            </div>
          )}
        </Reading>
      </Page>
    </div>
  )
}

function SinkTable({ records }: Pick<SinkBody, 'records'>) {
  const { t, i18n } = useTranslation('admin')
  return (
    <Table
      label={t('pages.push-sink')}
      rows={records}
      keyOf={({ record }) => record}
      columns={[
        { key: 'at', title: t('push.recorded'), cell: ({ recordedAt }) => formatSecond(recordedAt, i18n.language) },
        {
          key: 'shown',
          title: t('push.shown'),
          cell: ({ notification }) =>
            notification ? (
              <span className={classes.address}>
                {notification.title}
                <br />
                <span className={classes.quiet}>{notification.body}</span>
              </span>
            ) : (
              t('push.dataOnly')
            ),
        },
        {
          key: 'open',
          title: '',
          cell: ({ push }) => <Link to={adminPath('push', push)}>{t('push.open')}</Link>,
        },
      ]}
    />
  )
}
