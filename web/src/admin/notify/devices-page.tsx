import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RegisteredDevices } from '../../../../src/notify/push/api.ts'
import { Empty } from '../../parts/empty.tsx'
import { TextField } from '../../parts/field.tsx'
import { MoreButton } from '../../parts/more-button.tsx'
import { Reading } from '../../parts/reading.tsx'
import { Page, Section } from '../../parts/section.tsx'
import { Table } from '../../parts/table.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { formatInstant } from '../../parts/when.ts'
import { adminPath } from '../admin-route.ts'
import classes from './notify.module.css'
import { BackLink } from './notify-parts.tsx'
import type { NotifyRequests } from './notify-requests.ts'

const typingMs = 300

/** Everybody's devices, the one seen last first, and how many subscribe to which topic. */
export function DevicesPage({ requests }: { requests: NotifyRequests }) {
  const { t } = useTranslation('admin')
  return (
    <div>
      <BackLink to={adminPath('push')}>{t('push.back')}</BackLink>
      <Page title={t('pages.devices')} lead={t('push.devicesLead')}>
        <Devices requests={requests} />
        <Section title={t('push.topics')}>
          <Topics requests={requests} />
        </Section>
      </Page>
    </div>
  )
}

function Devices({ requests }: { requests: NotifyRequests }) {
  const { t } = useTranslation('admin')
  const [person, setPerson] = useState('')
  const [settled] = useDebouncedValue(person.trim(), typingMs)
  const list = useLoaded(() => requests.listDevices({ person: settled }), settled)
  return (
    <Section title={t('push.devices')}>
      <search className={`${classes.filters} ${classes.one}`}>
        <TextField
          label={t('push.findPerson')}
          type="search"
          value={person}
          maxLength={200}
          onChange={({ target }) => setPerson(target.value)}
        />
      </search>
      <Reading of={list}>
        {({ devices, next }) => (
          <div className={classes.list}>
            {devices.length === 0 ? <Empty>{t('push.devicesEmpty')}</Empty> : <DeviceTable devices={devices} />}
            {next && (
              <MoreButton
                load={async () => {
                  const more = await requests.listDevices({ person: settled, after: next })
                  list.show({ ...more, devices: [...devices, ...more.devices] })
                }}
              />
            )}
          </div>
        )}
      </Reading>
    </Section>
  )
}

function DeviceTable({ devices }: Pick<RegisteredDevices, 'devices'>) {
  const { t, i18n } = useTranslation('admin')
  return (
    <Table
      label={t('push.devices')}
      rows={devices.map((device, index) => ({ ...device, index }))}
      keyOf={({ index }) => String(index)}
      columns={[
        { key: 'person', title: t('push.person'), cell: ({ person }) => person ?? t('none') },
        { key: 'name', title: t('push.device'), cell: ({ name }) => name ?? '–' },
        { key: 'platform', title: t('push.platform'), cell: ({ platform }) => t(`push.platforms.${platform}`) },
        { key: 'topics', title: t('push.topics'), cell: ({ topics }) => topics.join(', ') || '–' },
        { key: 'seen', title: t('push.seen'), cell: ({ seenAt }) => formatInstant(seenAt, i18n.language) },
      ]}
    />
  )
}

function Topics({ requests }: { requests: NotifyRequests }) {
  const { t } = useTranslation('admin')
  const list = useLoaded(requests.listTopics, 'topics')
  return (
    <Reading of={list} rows={2}>
      {({ topics }) =>
        topics.length === 0 ? (
          <p className={classes.quiet}>{t('push.topicsEmpty')}</p>
        ) : (
          <Table
            label={t('push.topics')}
            rows={topics}
            keyOf={({ topic }) => topic}
            columns={[
              { key: 'topic', title: t('push.topic'), cell: ({ topic }) => topic },
              { key: 'devices', title: t('push.topicDevices'), numeric: true, cell: ({ devices }) => devices },
            ]}
          />
        )
      }
    </Reading>
  )
}
