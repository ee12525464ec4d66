import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunBody, SyncStatus } from '../../../../src/sync/api.ts'
import type { ApiError } from '../../api/client.ts'
import { currentLanguage } from '../../i18n/i18n.ts'
import { ActDialog } from '../../parts/act-dialog.tsx'
import { Badge, type Tone } from '../../parts/badge.tsx'
import { Checkbox } from '../../parts/field.tsx'
import { Problem } from '../../parts/problem.tsx'
import { Section } from '../../parts/section.tsx'
import { asApiError } from '../../parts/use-loaded.ts'
import { formatInstant } from '../../parts/when.ts'
import type { AdminRequests } from '../admin-requests.ts'
import classes from './overview.module.css'
import { runProgress } from './run-progress.ts'

type Props = { status: SyncStatus; requests: AdminRequests; onChanged: () => void }

const tones: Partial<Record<RunBody['state'], Tone>> = { finished: 'good', failed: 'bad', cancelled: 'notice' }

/** The full sync: what runs, what ran, what comes, and starting or stopping one. */
export function SyncSection({ status, requests, onChanged }: Props) {
  const { t } = useTranslation('admin')
  const [isAsking, setAsking] = useState(false)
  const [problem, setProblem] = useState<ApiError | null>(null)
  const { activeRun, lastRun, nextRunAt } = status

  async function stop(run: string): Promise<void> {
    setProblem(null)
    await requests.cancelSync(run).catch((error: unknown) => setProblem(asApiError(error)))
    onChanged()
  }

  return (
    <Section
      title={t('overview.sync')}
      actions={
        activeRun ? (
          <button
            type="button"
            className="plain-button"
            disabled={activeRun.state === 'cancelling'}
            onClick={() => void stop(activeRun.run)}
          >
            {t('overview.stop')}
          </button>
        ) : (
          <button type="button" className="plain-button" onClick={() => setAsking(true)}>
            {t('overview.start')}
          </button>
        )
      }
    >
      {problem && <Problem error={problem} />}
      <div className={classes.card}>
        {activeRun ? <Progress run={activeRun} /> : <p>{t('overview.idle')}</p>}
        <dl className={classes.facts}>
          <div>
            <dt>{t('overview.last')}</dt>
            <dd>{lastRun ? <LastRun run={lastRun} /> : t('overview.never')}</dd>
          </div>
          <div>
            <dt>{t('overview.next')}</dt>
            <dd>{nextRunAt ? formatInstant(nextRunAt, currentLanguage()) : t('none')}</dd>
          </div>
        </dl>
      </div>
      {isAsking && (
        <StartDialog
          start={async (force) => {
            await requests.startSync(force)
            onChanged()
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </Section>
  )
}

function Progress({ run }: { run: RunBody }) {
  const { t } = useTranslation('admin')
  const { done, total, read } = runProgress(run)
  return (
    <div className={classes.progress}>
      <p className={classes.states}>
        <Badge tone="notice">{t(`overview.runState.${run.state}`)}</Badge>
        {run.state === 'requested'
          ? t('overview.requested')
          : t('overview.progress', { done, total, read: read.toLocaleString(currentLanguage()) })}
      </p>
      <progress aria-label={t('overview.sync')} max={Math.max(total, 1)} value={done} />
    </div>
  )
}

function LastRun({ run }: { run: RunBody }) {
  const { t } = useTranslation('admin')
  const language = currentLanguage()
  const failed = run.entities.filter(({ error }) => error)
  return (
    <>
      <span className={classes.states}>
        {formatInstant(run.finishedAt ?? run.startedAt, language)}
        <Badge tone={tones[run.state] ?? 'plain'}>{t(`overview.runState.${run.state}`)}</Badge>
      </span>
      {run.error && <p>{run.error[language]}</p>}
      {failed.map(({ entity, error }) => (
        <p key={entity}>
          {entity}: {error?.[language]}
        </p>
      ))}
    </>
  )
}

function StartDialog({ start, onClose }: { start: (force: boolean) => Promise<void>; onClose: () => void }) {
  const { t } = useTranslation('admin')
  const [isForced, setForced] = useState(false)
  return (
    <ActDialog
      title={t('overview.startTitle')}
      text={t('overview.startText')}
      action={t('overview.startNow')}
      act={() => start(isForced)}
      onClose={onClose}
    >
      <Checkbox label={t('overview.force')} checked={isForced} onChange={({ target }) => setForced(target.checked)} />
    </ActDialog>
  )
}
