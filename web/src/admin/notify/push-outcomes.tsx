import { useTranslation } from 'react-i18next'
import type { DeliveryListBody } from '../../../../src/notify/push/api.ts'
import { Badge, type Tone } from '../../parts/badge.tsx'
import { MoreButton } from '../../parts/more-button.tsx'
import { Reading } from '../../parts/reading.tsx'
import { Table } from '../../parts/table.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { formatInstant } from '../../parts/when.ts'
import classes from './notify.module.css'
import type { NotifyRequests } from './notify-requests.ts'

type Delivery = DeliveryListBody['devices'][number]

const tones: Record<Delivery['state'], Tone> = {
  pending: 'plain',
  sent: 'good',
  unregistered: 'notice',
  failed: 'bad',
  expired: 'notice',
  undelivered: 'bad',
  cancelled: 'notice',
}

type Props = { push: string; requests: NotifyRequests; counts: string }

/** What became of a message on each device; read anew when `counts` have changed. */
export function PushOutcomes({ push, requests, counts }: Props) {
  const { t } = useTranslation('admin')
  const outcomes = useLoaded(() => requests.listOutcomes(push), `${push} ${counts}`)
  return (
    <Reading of={outcomes}>
      {({ devices, next }) => (
        <div className={classes.list}>
          {devices.length === 0 ? (
            <p className={classes.quiet}>{t('push.noOutcomes')}</p>
          ) : (
            <OutcomeTable devices={devices} />
          )}
          {next && (
            <MoreButton
              load={async () => {
                const more = await requests.listOutcomes(push, next)
                outcomes.show({ ...more, devices: [...devices, ...more.devices] })
              }}
            />
          )}
        </div>
      )}
    </Reading>
  )
}

function OutcomeTable({ devices }: { devices: Delivery[] }) {
  const { t, i18n } = useTranslation('admin')
  return (
    <Table
      label={t('push.outcomes')}
      rows={devices}
      keyOf={({ device }) => device}
      columns={[
        {
          key: 'person',
          title: t('push.person'),
          cell: ({ person, platform }) => person ?? (platform ? t('none') : t('push.gone')),
        },
        {
          key: 'device',
          title: t('push.device'),
          cell: ({ name, platform }) =>
            [name, platform && t(`push.platforms.${platform}`)].filter(Boolean).join(' · ') || '–',
        },
        {
          key: 'state',
          title: t('mail.state'),
          cell: ({ state }) => <Badge tone={tones[state]}>{t(`push.deliveryStates.${state}`)}</Badge>,
        },
        { key: 'attempts', title: t('mail.attempts'), numeric: true, cell: ({ attempts }) => attempts },
        {
          key: 'sent',
          title: t('mail.sentAt'),
          cell: ({ sentAt }) => (sentAt ? formatInstant(sentAt, i18n.language) : '–'),
        },
        {
          key: 'problem',
          title: t('mail.problem'),
          cell: ({ error }) => (error ? <code className={classes.code}>{error}</code> : '–'),
        },
      ]}
    />
  )
}
