import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EmailBody } from '../../../../src/notify/api.ts'
import { Badge, type Tone } from '../../parts/badge.tsx'
import { Empty } from '../../parts/empty.tsx'
import { TextField } from '../../parts/field.tsx'
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

type State = EmailBody['state']

const typingMs = 300
export const mailTones: Record<State, Tone> = {
  requested: 'plain',
  sending: 'plain',
  sent: 'good',
  delivered: 'good',
  bounced: 'bad',
  complained: 'bad',
  failed: 'bad',
  suppressed: 'notice',
}
const states = Object.keys(mailTones) as State[]

/** Mail, newest first: by state, recipient and day. */
export function MailPage({ requests }: { requests: NotifyRequests }) {
  const { t } = useTranslation('admin')
  const [filled, setFilled] = useState<MessageFilters<State>>(noMessageFilters)
  const [settled] = useDebouncedValue(filled, typingMs)
  const asked = toMessageQuery(settled)
  const list = useLoaded(() => requests.listMail(asked), JSON.stringify(asked))
  const fill = (change: Partial<typeof filled>) => setFilled({ ...filled, ...change })
  return (
    <Page
      title={t('pages.mail')}
      lead={t('mail.lead')}
      actions={<ButtonLink to={adminPath('suppressions')}>{t('pages.suppressions')}</ButtonLink>}
    >
      <MessageFilterFields filled={filled} states={states} nameOf={(state) => t(`mail.states.${state}`)} onFill={fill}>
        <TextField
          label={t('mail.recipient')}
          type="search"
          inputMode="email"
          placeholder="name@example.com"
          value={filled.recipient}
          maxLength={254}
          onChange={({ target }) => fill({ recipient: target.value })}
        />
      </MessageFilterFields>
      <Reading of={list} rows={8}>
        {({ emails, next }) => (
          <div className={classes.list}>
            {emails.length === 0 ? <Empty>{t('mail.empty')}</Empty> : <MailTable emails={emails} />}
            {next && (
              <MoreButton
                load={async () => {
                  const more = await requests.listMail({ ...asked, after: next })
                  list.show({ ...more, emails: [...emails, ...more.emails] })
                }}
              />
            )}
          </div>
        )}
      </Reading>
    </Page>
  )
}

function MailTable({ emails }: { emails: EmailBody[] }) {
  const { t, i18n } = useTranslation('admin')
  const { language } = i18n
  return (
    <Table
      label={t('pages.mail')}
      rows={emails}
      keyOf={({ email }) => email}
      columns={[
        {
          key: 'requested',
          title: t('mail.requested'),
          cell: ({ email, requestedAt }) => (
            <Link to={adminPath('mail', email)}>{formatInstant(requestedAt, language)}</Link>
          ),
        },
        { key: 'template', title: t('mail.template'), cell: ({ template }) => template },
        {
          key: 'state',
          title: t('mail.state'),
          cell: ({ state }) => <Badge tone={mailTones[state]}>{t(`mail.states.${state}`)}</Badge>,
        },
        { key: 'attempts', title: t('mail.attempts'), numeric: true, cell: ({ attempts }) => attempts },
        {
          key: 'sent',
          title: t('mail.sentAt'),
          cell: ({ sentAt }) => (sentAt ? formatInstant(sentAt, language) : '–'),
        },
        {
          key: 'problem',
          title: t('mail.problem'),
          cell: ({ error, reply }) => (error ? <code className={classes.code}>{`${error} ${reply ?? ''}`}</code> : '–'),
        },
      ]}
    />
  )
}
