import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EmailDetailBody } from '../../../../src/notify/api.ts'
import { ActDialog } from '../../parts/act-dialog.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Reading } from '../../parts/reading.tsx'
import { Page, Section } from '../../parts/section.tsx'
import { Table } from '../../parts/table.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { formatInstant, formatSecond } from '../../parts/when.ts'
import { adminPath } from '../admin-route.ts'
import { mailTones } from './mail-page.tsx'
import classes from './notify.module.css'
import { BackLink, Fact, Facts } from './notify-parts.tsx'
import type { NotifyRequests } from './notify-requests.ts'

type Props = { email: string; requests: NotifyRequests }

/** One mail: its recipients, what became of it, and sending it again. */
export function OneMailPage({ email, requests }: Props) {
  const { t } = useTranslation('admin')
  const mail = useLoaded(() => requests.openMail(email), email)
  return (
    <div>
      <BackLink to={adminPath('mail')}>{t('mail.back')}</BackLink>
      <Reading of={mail} rows={8}>
        {(value) => (
          <MailView
            mail={value}
            retry={async () => {
              await requests.retryMail(email)
              mail.reload()
            }}
          />
        )}
      </Reading>
    </div>
  )
}

/** Whether somebody has not received it who may with another try; the server has the last word. */
function isWorthRetrying({ state, recipients }: EmailDetailBody): boolean {
  if (state === 'requested' || state === 'sending') return false
  return state === 'failed' || recipients.some((one) => one.state === 'failed' || one.state === 'suppressed')
}

function MailView({ mail, retry }: { mail: EmailDetailBody; retry: () => Promise<void> }) {
  const { t } = useTranslation('admin')
  const [isAsking, setAsking] = useState(false)
  return (
    <Page
      title={mail.subject}
      actions={
        isWorthRetrying(mail) && (
          <button type="button" className="plain-button" onClick={() => setAsking(true)}>
            {t('mail.retry')}
          </button>
        )
      }
    >
      <Section title={t('mail.facts')}>
        <MailFacts mail={mail} />
      </Section>
      <Section title={t('mail.recipients')}>
        <Recipients recipients={mail.recipients} />
      </Section>
      <Section title={t('mail.events')}>
        <Events events={mail.events} />
      </Section>
      {isAsking && (
        <ActDialog
          title={t('mail.retry')}
          text={t('mail.retryText')}
          action={t('mail.retry')}
          act={retry}
          onClose={() => setAsking(false)}
        />
      )}
    </Page>
  )
}

function MailFacts({ mail }: { mail: EmailDetailBody }) {
  const { t, i18n } = useTranslation('admin')
  const { state, template, version, part, attempts, requestedAt, sentAt, error, reply, opens, clicks } = mail
  const at = (instant: string | undefined) => instant && formatInstant(instant, i18n.language)
  return (
    <Facts>
      <Fact name={t('mail.state')}>
        <Badge tone={mailTones[state]}>{t(`mail.states.${state}`)}</Badge>
      </Fact>
      <Fact name={t('mail.requested')}>{at(requestedAt)}</Fact>
      <Fact name={t('mail.sentAt')}>{at(sentAt)}</Fact>
      <Fact name={t('mail.template')}>{`${template} v${version}`}</Fact>
      <Fact name={t('mail.part')}>{part > 0 && t('mail.partOf', { count: part + 1 })}</Fact>
      <Fact name={t('mail.attempts')}>{t('mail.times', { count: attempts })}</Fact>
      <Fact name={t('mail.problem')}>{error && <code className={classes.code}>{error}</code>}</Fact>
      <Fact name={t('mail.reply')}>{reply && <code className={classes.code}>{reply}</code>}</Fact>
      <Fact name={t('mail.opened')}>{opens > 0 && t('mail.times', { count: opens })}</Fact>
      <Fact name={t('mail.clicked')}>{clicks > 0 && t('mail.times', { count: clicks })}</Fact>
    </Facts>
  )
}

function Recipients({ recipients }: Pick<EmailDetailBody, 'recipients'>) {
  const { t } = useTranslation('admin')
  return (
    <Table
      label={t('mail.recipients')}
      rows={recipients}
      keyOf={({ kind, address }) => `${kind} ${address}`}
      columns={[
        {
          key: 'address',
          title: t('mail.address'),
          cell: ({ address }) => <span className={classes.address}>{address}</span>,
        },
        { key: 'kind', title: t('mail.kind'), cell: ({ kind }) => t(`mail.kinds.${kind}`) },
        {
          key: 'state',
          title: t('mail.state'),
          cell: ({ state }) => <Badge tone={mailTones[state]}>{t(`mail.states.${state}`)}</Badge>,
        },
        {
          key: 'reply',
          title: t('mail.reply'),
          cell: ({ reply }) => (reply ? <code className={classes.code}>{reply}</code> : '–'),
        },
      ]}
    />
  )
}

function Events({ events }: Pick<EmailDetailBody, 'events'>) {
  const { t, i18n } = useTranslation('admin')
  if (events.length === 0) return <p className={classes.quiet}>{t('mail.noEvents')}</p>
  return (
    <Table
      label={t('mail.events')}
      rows={events.map((event, index) => ({ ...event, index }))}
      keyOf={({ index }) => String(index)}
      columns={[
        { key: 'kind', title: t('mail.event'), cell: ({ kind }) => t(`mail.eventKinds.${kind}`) },
        { key: 'at', title: t('mail.at'), cell: ({ at }) => formatSecond(at, i18n.language) },
      ]}
    />
  )
}
