import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PushDetailBody } from '../../../../src/notify/push/api.ts'
import { ActDialog } from '../../parts/act-dialog.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Problem } from '../../parts/problem.tsx'
import { Reading } from '../../parts/reading.tsx'
import { Page, Section } from '../../parts/section.tsx'
import { asApiError, useLoaded } from '../../parts/use-loaded.ts'
import { formatInstant } from '../../parts/when.ts'
import { adminPath } from '../admin-route.ts'
import classes from './notify.module.css'
import { BackLink, Fact, Facts } from './notify-parts.tsx'
import type { NotifyRequests } from './notify-requests.ts'
import { PushOutcomes } from './push-outcomes.tsx'
import { DeviceCounts, pushTones } from './push-page.tsx'

type Props = { push: string; requests: NotifyRequests }

/** One push message: what it says, whom it is for, what became of it on each device, and ending it. */
export function OnePushPage({ push, requests }: Props) {
  const { t } = useTranslation('admin')
  const message = useLoaded(() => requests.openPush(push), push)
  return (
    <div>
      <BackLink to={adminPath('push')}>{t('push.back')}</BackLink>
      <Reading of={message} rows={8}>
        {(value) => (
          <Page
            title={titleOf(value) ?? t(`push.kinds.${value.kind}`)}
            actions={<PushActions message={value} requests={requests} onChanged={message.reload} />}
          >
            <Section title={t('push.facts')}>
              <PushFacts message={value} />
            </Section>
            <Section title={t('push.contentTitle')}>
              <Content message={value} />
            </Section>
            <Section title={t('push.outcomes')}>
              <PushOutcomes push={push} requests={requests} counts={JSON.stringify(value.devices)} />
            </Section>
          </Page>
        )}
      </Reading>
    </div>
  )
}

function titleOf({ notification }: PushDetailBody): string | undefined {
  return (notification?.ko ?? notification?.en)?.title
}

type ActionProps = { message: PushDetailBody; requests: NotifyRequests; onChanged: () => void }

function PushActions({ message: { push, state, devices }, requests, onChanged }: ActionProps) {
  const { t } = useTranslation('admin')
  const [isAsking, setAsking] = useState(false)
  const [outcome, setOutcome] = useState<{ count: number } | { problem: ReturnType<typeof asApiError> } | null>(null)
  const isUnreached = (devices.undelivered ?? 0) > 0
  const isOpen = state === 'scheduled' || state === 'requested' || state === 'sending' || isUnreached
  async function replay(): Promise<void> {
    setOutcome(null)
    try {
      setOutcome({ count: (await requests.replayPush(push)).replayed })
      onChanged()
    } catch (error) {
      setOutcome({ problem: asApiError(error) })
    }
  }
  return (
    <>
      {isUnreached && state !== 'cancelled' && (
        <button type="button" className="plain-button" onClick={() => void replay()}>
          {t('push.replay')}
        </button>
      )}
      {isOpen && state !== 'cancelled' && (
        <button type="button" className="plain-button" onClick={() => setAsking(true)}>
          {t('push.cancel')}
        </button>
      )}
      {outcome && 'count' in outcome && (
        <p className={classes.quiet} role="status">
          {t('push.replayed', { count: outcome.count })}
        </p>
      )}
      {outcome && 'problem' in outcome && <Problem error={outcome.problem} />}
      {isAsking && (
        <ActDialog
          title={t('push.cancelTitle')}
          text={t('push.cancelText')}
          action={t('push.cancel')}
          isDangerous
          act={async () => {
            await requests.cancelPush(push)
            onChanged()
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  )
}

function PushFacts({ message }: { message: PushDetailBody }) {
  const { t, i18n } = useTranslation('admin')
  const { state, requestedAt, dueAt, settledAt, error, devices, target } = message
  const at = (instant: string | undefined) => instant && formatInstant(instant, i18n.language)
  const { users, roles, departments, devices: named, topics, condition } = target
  const names = (list: string[]) => ({ names: list.join(', ') })
  const targets = [
    users.length > 0 && t('push.targets.users', { count: users.length }),
    roles.length > 0 &&
      t(
        'push.targets.roles',
        names(roles.map((role) => i18n.t(`role.${role}`, { ns: 'translation', defaultValue: role }))),
      ),
    departments.length > 0 && t('push.targets.departments', names(departments)),
    named.length > 0 && t('push.targets.devices', { count: named.length }),
    topics.length > 0 && t('push.targets.topics', names(topics)),
    condition !== undefined && t('push.targets.condition', { names: condition }),
  ]
  return (
    <Facts>
      <Fact name={t('mail.state')}>
        <Badge tone={pushTones[state]}>{t(`push.states.${state}`)}</Badge>
      </Fact>
      <Fact name={t('mail.requested')}>{at(requestedAt)}</Fact>
      <Fact name={t('push.due')}>{at(dueAt)}</Fact>
      <Fact name={t('push.settled')}>{at(settledAt)}</Fact>
      <Fact name={t('push.target')}>{targets.filter(Boolean).join(' · ')}</Fact>
      <Fact name={t('push.devices')}>
        <DeviceCounts devices={devices} />
      </Fact>
      <Fact name={t('mail.problem')}>{error && <code className={classes.code}>{error}</code>}</Fact>
    </Facts>
  )
}

function Content({ message: { notification, data } }: { message: PushDetailBody }) {
  const { t } = useTranslation('admin')
  return (
    <div className={classes.list}>
      {(['ko', 'en'] as const).map((language) => {
        const words = notification?.[language]
        if (!words) return null
        return (
          <div key={language}>
            <p className={classes.quiet}>{t(`push.languages.${language}`)}</p>
            <p className={classes.words} lang={language}>
              <strong>{words.title}</strong>
              {words.body}
            </p>
          </div>
        )
      })}
      {data && Object.keys(data).length > 0 && (
        <div>
          <p className={classes.quiet}>{t('push.data')}</p>
          <Facts>
            {Object.entries(data).map(([name, value]) => (
              <Fact key={name} name={name}>
                {value}
              </Fact>
            ))}
          </Facts>
        </div>
      )}
    </div>
  )
}
