import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PushBody } from '../../../../src/notify/push/api.ts'
import { Badge, type Tone } from '../../parts/badge.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Link } from '../../parts/link.tsx'
import { MoreButton } from '../../parts/more-button.tsx'
import { Reading } from '../../parts/reading.tsx'
import { Page } from '../../parts/section.tsx'
import { Table } from '../../parts/table.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { formatInstant } from '../../parts/when.ts'
import { adminPath } from '../admin-route.ts'
import { MessageFilterFields } from './message-filter-fields.tsx'
import { type MessageFilters, noMessageFilters, toMessageQuery } from './message-filters.ts'
import classes from './notify.module.css'
import { ButtonLink } from './notify-parts.tsx'
import type { NotifyRequests } from './notify-requests.ts'

type State = PushBody['state']

export const pushTones: Record<State, Tone> = {
  scheduled: 'plain',
  requested: 'plain',
  sending: 'plain',
  sent: 'good',
  failed: 'bad',
  cancelled: 'notice',
}
const states = Object.keys(pushTones) as State[]

/** Push messages, newest first: by state and day. */
export function PushPage({ requests }: { requests: NotifyRequests }) {
  const { t } = useTranslation('admin')
  const [filled, setFilled] = useState<MessageFilters<State>>(noMessageFilters)
  const asked = toMessageQuery(filled)
  const list = useLoaded(() => requests.listPush(asked), JSON.stringify(asked))
  return (
    <Page
      title={t('pages.push')}
      lead={t('push.lead')}
      actions={
        <>
          <ButtonLink to={adminPath('devices')}>{t('pages.devices')}</ButtonLink>
          <ButtonLink to={adminPath('push-sink')}>{t('pages.push-sink')}</ButtonLink>
        </>
      }
    >
      <MessageFilterFields
        filled={filled}
        states={states}
        nameOf={(state) => t(`push.states.${state}`)}
        onFill={(change) => setFilled({ ...filled, ...change })}
      />
      <Reading of={list} rows={8}>
        {({ messages, next }) => (
          <div className={classes.list}>
            {messages.length === 0 ? <Empty>{t('push.empty')}</Empty> : <PushTable messages={messages} />}
            {next && (
              <MoreButton
                load={async () => {
                  const more = await requests.listPush({ ...asked, after: next })
                  list.show({ ...more, messages: [...messages, ...more.messages] })
                }}
              />
            )}
          </div>
        )}
      </Reading>
    </Page>
  )
}

function PushTable({ messages }: { messages: PushBody[] }) {
  const { t, i18n } = useTranslation('admin')
  return (
    <Table
      label={t('pages.push')}
      rows={messages}
      keyOf={({ push }) => push}
      columns={[
        {
          key: 'requested',
          title: t('mail.requested'),
          cell: ({ push, requestedAt }) => (
            <Link to={adminPath('push', push)}>{formatInstant(requestedAt, i18n.language)}</Link>
          ),
        },
        { key: 'kind', title: t('push.kind'), cell: ({ kind }) => t(`push.kinds.${kind}`) },
        {
          key: 'state',
          title: t('mail.state'),
          cell: ({ state }) => <Badge tone={pushTones[state]}>{t(`push.states.${state}`)}</Badge>,
        },
        { key: 'due', title: t('push.due'), cell: ({ dueAt }) => formatInstant(dueAt, i18n.language) },
        { key: 'devices', title: t('push.devices'), cell: ({ devices }) => <DeviceCounts devices={devices} /> },
      ]}
    />
  )
}

/** Devices of a message by what became of it there. */
export function DeviceCounts({ devices }: Pick<PushBody, 'devices'>) {
  const { t } = useTranslation('admin')
  const counts = Object.entries(devices) as [keyof typeof devices, number][]
  if (counts.length === 0) return t('push.noDevices')
  return counts.map(([state, count]) => `${t(`push.deliveryStates.${state}`)} ${count}`).join(' · ')
}
