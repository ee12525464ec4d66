import { ArrowLeft } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../../src/auth/api.ts'
import type { SubscriptionBody } from '../../../src/subscriptions/api.ts'
import type { ApiClient, ApiError } from '../api/client.ts'
import { ActDialog } from '../parts/act-dialog.tsx'
import { Empty } from '../parts/empty.tsx'
import { Link } from '../parts/link.tsx'
import { Problem } from '../parts/problem.tsx'
import { Reading } from '../parts/reading.tsx'
import { Page } from '../parts/section.tsx'
import { Table } from '../parts/table.tsx'
import { asApiError, useLoaded } from '../parts/use-loaded.ts'
import { usePageTitle } from '../parts/use-page-title.ts'
import { formatInstant } from '../parts/when.ts'
import { SkipLink } from '../shell/skip-link.tsx'
import { TopBar } from '../shell/top-bar.tsx'
import { BrowserPush } from './browser-push.tsx'
import { EditDialog } from './edit-dialog.tsx'
import { createSubscriptionRequests } from './subscription-requests.ts'
import './words/load.ts'
import classes from './subscriptions-page.module.css'

type Props = { me: Me; api: ApiClient; onSignOut: () => void }

/** What is sent to me at set times, and what I am told of. */
export function SubscriptionsPage({ me, api, onSignOut }: Props) {
  const { t } = useTranslation('subscriptions')
  const { t: word } = useTranslation()
  const title = t('title')
  usePageTitle(title)
  return (
    <div className={classes.frame}>
      <SkipLink />
      <TopBar me={me} api={api} onSignOut={onSignOut}>
        <Link to="/" className={classes.back ?? ''}>
          <ArrowLeft size={16} strokeWidth={1.75} aria-hidden />
          {word('toChat')}
        </Link>
      </TopBar>
      <main id="main" className={classes.main}>
        <OwnSubscriptions me={me} api={api} />
      </main>
    </div>
  )
}

function OwnSubscriptions({ me, api }: { me: Me; api: ApiClient }) {
  const { t, i18n } = useTranslation('subscriptions')
  const requests = useMemo(() => createSubscriptionRequests(api), [api])
  // Titles and times come in the language of the interface.
  const own = useLoaded(requests.list, i18n.language)
  const [editing, setEditing] = useState<SubscriptionBody | null>(null)
  const [removing, setRemoving] = useState<SubscriptionBody | null>(null)
  const [problem, setProblem] = useState<ApiError | null>(null)
  async function act(work: () => Promise<unknown>): Promise<void> {
    setProblem(null)
    try {
      await work()
      own.reload()
    } catch (error) {
      setProblem(asApiError(error))
    }
  }
  return (
    <Page title={t('title')} lead={t('lead')}>
      {problem && <Problem error={problem} />}
      <Reading of={own}>
        {({ subscriptions, limit }) =>
          subscriptions.length === 0 ? (
            <Empty>{t('empty')}</Empty>
          ) : (
            <div className={classes.list}>
              <p className={classes.detail}>{t('count', { count: subscriptions.length, limit })}</p>
              <SubscriptionTable
                subscriptions={subscriptions}
                onState={({ subscription, state }) =>
                  void act(() => requests.change(subscription, { state: state === 'active' ? 'paused' : 'active' }))
                }
                onRun={({ subscription }) => void act(() => requests.run(subscription))}
                onEdit={setEditing}
                onRemove={setRemoving}
              />
            </div>
          )
        }
      </Reading>
      <BrowserPush me={me} api={api} />
      {editing && (
        <EditDialog
          subscription={editing}
          change={async (change) => {
            await requests.change(editing.subscription, change)
            own.reload()
          }}
          onClose={() => setEditing(null)}
        />
      )}
      {removing && (
        <ActDialog
          title={t('removeTitle')}
          text={t('removeText', { title: removing.title })}
          action={t('remove')}
          isDangerous
          act={async () => {
            await requests.remove(removing.subscription)
            own.reload()
          }}
          onClose={() => setRemoving(null)}
        />
      )}
    </Page>
  )
}

type TableProps = {
  subscriptions: SubscriptionBody[]
  onState: (one: SubscriptionBody) => void
  onRun: (one: SubscriptionBody) => void
  onEdit: (one: SubscriptionBody) => void
  onRemove: (one: SubscriptionBody) => void
}

function SubscriptionTable({ subscriptions, onState, onRun, onEdit, onRemove }: TableProps) {
  const { t, i18n } = useTranslation('subscriptions')
  const at = (instant: string | undefined) => (instant ? formatInstant(instant, i18n.language) : '–')
  return (
    <Table
      label={t('title')}
      rows={subscriptions}
      keyOf={({ subscription }) => subscription}
      columns={[
        {
          key: 'what',
          title: t('what'),
          cell: ({ title, kind, question }) => (
            <>
              {title}
              <p className={classes.detail}>
                {t(`kinds.${kind}`)} · {question}
              </p>
            </>
          ),
        },
        {
          key: 'when',
          title: t('when'),
          cell: (one) => <When subscription={one} />,
        },
        {
          key: 'next',
          title: t('next'),
          cell: ({ kind, cron, nextAt }) => (kind === 'alert' && !cron ? '–' : at(nextAt)),
        },
        {
          key: 'last',
          title: t('last'),
          cell: ({ lastAt, lastOutcome, lastCode }) => (
            <>
              {at(lastAt)}
              {lastOutcome && (
                <p className={classes.detail}>
                  {t(`outcomes.${lastOutcome}`)} {lastCode}
                </p>
              )}
            </>
          ),
        },
        {
          key: 'state',
          title: t('state'),
          cell: ({ state, reason }) => (
            <span className={classes.state}>{reason ? t(`reasons.${reason}`) : t(`states.${state}`)}</span>
          ),
        },
        {
          key: 'actions',
          title: '',
          cell: (one) => (
            <div className={classes.actions}>
              {one.state === 'active' && (
                <button type="button" className="plain-button" onClick={() => onRun(one)}>
                  {one.kind === 'report' ? t('run') : t('judge')}
                </button>
              )}
              <button type="button" className="plain-button" onClick={() => onState(one)}>
                {one.state === 'active' ? t('pause') : t('resume')}
              </button>
              <button type="button" className="plain-button" onClick={() => onEdit(one)}>
                {t('edit')}
              </button>
              <button type="button" className="plain-button" onClick={() => onRemove(one)}>
                {t('remove')}
              </button>
            </div>
          ),
        },
      ]}
    />
  )
}

const homeTimeZone = 'Asia/Seoul'

/** When it comes and by what, and where another clock or quiet hours count. */
function When({ subscription: { schedule, channel, timeZone, quietHours } }: { subscription: SubscriptionBody }) {
  const { t } = useTranslation('subscriptions')
  const details = [
    t(`channels.${channel}`),
    timeZone !== homeTimeZone && timeZone,
    quietHours && t('quietShown', quietHours),
  ]
  return (
    <>
      {schedule ?? t('onChange')}
      <p className={classes.detail}>{details.filter(Boolean).join(' · ')}</p>
    </>
  )
}
