import { useEffect, useEffectEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { NotifySummary } from '../../../../src/notify/summary/api.ts'
import type { SubscriptionCountsBody } from '../../../../src/subscriptions/api.ts'
import { Reading } from '../../parts/reading.tsx'
import { Page, Section } from '../../parts/section.tsx'
import { Table } from '../../parts/table.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { adminPath } from '../admin-route.ts'
import classes from './notify.module.css'
import { ButtonLink } from './notify-parts.tsx'
import type { NotifyRequests } from './notify-requests.ts'
import { countByKind } from './subscription-counts.ts'

const lookEveryMs = 15_000

/** How many messages went out and how many did not, and how many subscriptions and alerts there are; kept up to date while one looks. */
export function SummaryPage({ requests }: { requests: NotifyRequests }) {
  const { t } = useTranslation('admin')
  const summary = useLoaded(requests.readSummary, 'summary')
  const subscriptions = useLoaded(requests.countSubscriptions, 'subscriptions')
  const look = useEffectEvent(() => {
    if (document.hidden) return
    summary.reload()
    subscriptions.reload()
  })
  useEffect(() => {
    const timer = setInterval(look, lookEveryMs)
    return () => clearInterval(timer)
  }, [])
  return (
    <Page title={t('pages.notify')} lead={t('notify.lead')}>
      <Reading of={summary} rows={6}>
        {({ mail, push }) => (
          <>
            <Section
              title={t('notify.mailTitle')}
              lead={t('notify.suppressedNow', { count: mail.suppressedAddresses })}
              actions={<ButtonLink to={adminPath('mail')}>{t('notify.toMail')}</ButtonLink>}
            >
              {!mail.isConfigured && <p className={classes.note}>{t('notify.mailOff')}</p>}
              <Counts label={t('notify.mailTitle')} of={mail} held={t('notify.mailHeld')} />
            </Section>
            <Section
              title={t('notify.pushTitle')}
              lead={t('notify.devicesNow', { count: push.devices })}
              actions={<ButtonLink to={adminPath('push')}>{t('notify.toPush')}</ButtonLink>}
            >
              {push.provider === 'sink' && <p className={classes.note}>{t('notify.sinkOn')}</p>}
              <Counts label={t('notify.pushTitle')} of={push} held={t('notify.pushHeld')} />
            </Section>
          </>
        )}
      </Reading>
      <Section title={t('notify.subscriptionsTitle')}>
        <Reading of={subscriptions} rows={3}>
          {({ counts }) => <Subscriptions counts={counts} />}
        </Reading>
      </Section>
    </Page>
  )
}

type CountsProps = { label: string; of: Pick<NotifySummary['mail'], 'day' | 'week'>; held: string }

function Counts({ label, of, held }: CountsProps) {
  const { t, i18n } = useTranslation('admin')
  const kinds = ['sent', 'failed', 'pending', 'held'] as const
  return (
    <Table
      label={label}
      rows={(['day', 'week'] as const).map((window) => ({ window, counts: of[window] }))}
      keyOf={({ window }) => window}
      columns={[
        {
          key: 'window',
          title: t('notify.window'),
          cell: ({ window }: { window: 'day' | 'week' }) => t(`notify.windows.${window}`),
        },
        ...kinds.map((kind) => ({
          key: kind,
          title: kind === 'held' ? held : t(`notify.counts.${kind}`),
          numeric: true,
          cell: ({ counts }: { counts: NotifySummary['mail']['day'] }) => counts[kind].toLocaleString(i18n.language),
        })),
      ]}
    />
  )
}

function Subscriptions({ counts }: SubscriptionCountsBody) {
  const { t, i18n } = useTranslation('admin')
  const rows = countByKind(counts)
  if (rows.length === 0) return <p className={classes.quiet}>{t('notify.noSubscriptions')}</p>
  return (
    <Table
      label={t('notify.subscriptionsTitle')}
      rows={rows}
      keyOf={({ kind }) => kind}
      columns={[
        {
          key: 'kind',
          title: t('notify.kind'),
          cell: ({ kind }: (typeof rows)[number]) => t(`notify.kinds.${kind}`),
        },
        ...(['active', 'paused', 'lastFailed'] as const).map((column) => ({
          key: column,
          title: t(`notify.${column}`),
          numeric: true,
          cell: (row: (typeof rows)[number]) => row[column].toLocaleString(i18n.language),
        })),
      ]}
    />
  )
}
