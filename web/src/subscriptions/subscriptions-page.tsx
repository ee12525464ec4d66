import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../../src/auth/api.ts'
import type { SubscriptionBody } from '../../../src/subscriptions/api.ts'
import { ActDialog } from '../admin/parts/act-dialog.tsx'
import { Reading } from '../admin/parts/reading.tsx'
import { Page } from '../admin/parts/section.tsx'
import { Table } from '../admin/parts/table.tsx'
import { useLoaded } from '../admin/parts/use-loaded.ts'
import { formatInstant } from '../admin/parts/when.ts'
import type { ApiClient } from '../api/client.ts'
import { AccountMenu } from '../session/account-menu.tsx'
import { LanguageSwitch } from '../shell/language-switch.tsx'
import { Link } from '../shell/link.tsx'
import { ThemeMenu } from '../shell/theme-menu.tsx'
import './load-words.ts'
import { createSubscriptionRequests } from './subscription-requests.ts'
import classes from './subscriptions-page.module.css'

type Props = { me: Me; api: ApiClient; onSignOut: () => void }

/** What is sent to me at set times, and what I am told of. */
export function SubscriptionsPage({ me, api, onSignOut }: Props) {
  const { t, i18n } = useTranslation('admin')
  const title = t('subscriptions.title')
  useEffect(() => {
    document.title = title
    return () => {
      document.title = i18n.t('product', { ns: 'translation' })
    }
  }, [title, i18n])
  return (
    <div className={classes.frame}>
      <header className={classes.bar}>
        <Link to="/" className={classes.back ?? ''}>
          {t('toChat')}
        </Link>
        <LanguageSwitch />
        <ThemeMenu />
        <AccountMenu me={me} api={api} onSignOut={onSignOut} />
      </header>
      <main id="main" className={classes.main}>
        <OwnSubscriptions api={api} />
      </main>
    </div>
  )
}

function OwnSubscriptions({ api }: { api: ApiClient }) {
  const { t, i18n } = useTranslation('admin')
  const requests = useMemo(() => createSubscriptionRequests(api), [api])
  // Titles and times come in the language of the interface.
  const own = useLoaded(requests.list, i18n.language)
  const [removing, setRemoving] = useState<SubscriptionBody | null>(null)
  const [isFailed, setFailed] = useState(false)
  async function act(work: () => Promise<unknown>): Promise<void> {
    setFailed(false)
    try {
      await work()
      own.reload()
    } catch {
      setFailed(true)
    }
  }
  return (
    <Page title={t('subscriptions.title')} lead={t('subscriptions.lead')}>
      {isFailed && (
        <p className={classes.failed} role="alert">
          {t('subscriptions.failed')}
        </p>
      )}
      <Reading of={own}>
        {({ subscriptions, limit }) =>
          subscriptions.length === 0 ? (
            <p className={classes.empty}>{t('subscriptions.empty')}</p>
          ) : (
            <>
              <p className={classes.detail}>{t('subscriptions.count', { count: subscriptions.length, limit })}</p>
              <SubscriptionTable
                subscriptions={subscriptions}
                onState={({ subscription, state }) =>
                  void act(() => requests.setState(subscription, state === 'active' ? 'paused' : 'active'))
                }
                onRun={({ subscription }) => void act(() => requests.run(subscription))}
                onRemove={setRemoving}
              />
            </>
          )
        }
      </Reading>
      {removing && (
        <ActDialog
          title={t('subscriptions.removeTitle')}
          text={t('subscriptions.removeText', { title: removing.title })}
          action={t('subscriptions.remove')}
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
  onRemove: (one: SubscriptionBody) => void
}

function SubscriptionTable({ subscriptions, onState, onRun, onRemove }: TableProps) {
  const { t, i18n } = useTranslation('admin')
  const at = (instant: string | undefined) => (instant ? formatInstant(instant, i18n.language) : '–')
  return (
    <Table
      label={t('subscriptions.title')}
      rows={subscriptions}
      keyOf={({ subscription }) => subscription}
      columns={[
        {
          key: 'what',
          title: t('subscriptions.what'),
          cell: ({ title, kind, question }) => (
            <>
              {title}
              <p className={classes.detail}>
                {t(`subscriptions.kinds.${kind}`)} · {question}
              </p>
            </>
          ),
        },
        {
          key: 'when',
          title: t('subscriptions.when'),
          cell: ({ schedule }) => schedule ?? t('subscriptions.onChange'),
        },
        {
          key: 'next',
          title: t('subscriptions.next'),
          cell: ({ kind, cron, nextAt }) => (kind === 'alert' && !cron ? '–' : at(nextAt)),
        },
        {
          key: 'last',
          title: t('subscriptions.last'),
          cell: ({ lastAt, lastOutcome, lastCode }) => (
            <>
              {at(lastAt)}
              {lastOutcome && (
                <p className={classes.detail}>
                  {t(`subscriptions.outcomes.${lastOutcome}`)} {lastCode}
                </p>
              )}
            </>
          ),
        },
        {
          key: 'state',
          title: t('subscriptions.state'),
          cell: ({ state, reason }) => (
            <span className={classes.state}>
              {reason ? t(`subscriptions.reasons.${reason}`) : t(`subscriptions.states.${state}`)}
            </span>
          ),
        },
        {
          key: 'actions',
          title: '',
          cell: (one) => (
            <div className={classes.actions}>
              {one.state === 'active' && (
                <button type="button" className="plain-button" onClick={() => onRun(one)}>
                  {one.kind === 'report' ? t('subscriptions.run') : t('subscriptions.judge')}
                </button>
              )}
              <button type="button" className="plain-button" onClick={() => onState(one)}>
                {one.state === 'active' ? t('subscriptions.pause') : t('subscriptions.resume')}
              </button>
              <button type="button" className="plain-button" onClick={() => onRemove(one)}>
                {t('subscriptions.remove')}
              </button>
            </div>
          ),
        },
      ]}
    />
  )
}
