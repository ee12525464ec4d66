import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OutcomeCode, TrainingJob } from '../../../../src/training/api.ts'
import type { ApiError } from '../../api/client.ts'
import { ActDialog } from '../../parts/act-dialog.tsx'
import { Badge, type Tone } from '../../parts/badge.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Problem } from '../../parts/problem.tsx'
import { Section } from '../../parts/section.tsx'
import { asApiError } from '../../parts/use-loaded.ts'
import { formatInstant } from '../../parts/when.ts'
import type { TrainingRequests } from '../training-requests.ts'
import { JobSteps } from './job-steps.tsx'
import classes from './training-page.module.css'

type Props = { jobs: TrainingJob[]; requests: TrainingRequests; onChanged: () => void }

const tones: Record<TrainingJob['state'], Tone> = {
  ...{ queued: 'plain', running: 'notice', waiting: 'notice' },
  ...{ deployed: 'good', refused: 'bad', failed: 'bad', cancelled: 'plain' },
}

/** Jobs, the newest first, each with how far its steps have come; one begun now, one stopped. */
export function JobsSection({ jobs, requests, onChanged }: Props) {
  const { t } = useTranslation('admin')
  const [isAsking, setAsking] = useState(false)
  const [problem, setProblem] = useState<ApiError | null>(null)
  async function cancel(job: string): Promise<void> {
    setProblem(null)
    await requests.cancelJob(job).catch((error: unknown) => setProblem(asApiError(error)))
    onChanged()
  }
  return (
    <Section
      title={t('training.jobs')}
      actions={
        <button type="button" className="plain-button" onClick={() => setAsking(true)}>
          {t('training.start')}
        </button>
      }
    >
      {problem && <Problem error={problem} />}
      {jobs.length === 0 ? (
        <Empty>{t('training.noJobs')}</Empty>
      ) : (
        <ol className={classes.jobs} aria-label={t('training.jobs')}>
          {jobs.map((job, i) => (
            <li key={job.job} className={classes.card}>
              <JobHead job={job} onCancel={() => void cancel(job.job)} />
              {i === 0 || !job.finishedAt ? (
                <JobSteps job={job} />
              ) : (
                <details>
                  <summary>{t('training.showSteps')}</summary>
                  <JobSteps job={job} />
                </details>
              )}
            </li>
          ))}
        </ol>
      )}
      {isAsking && (
        <ActDialog
          title={t('training.startTitle')}
          text={t('training.startText')}
          action={t('training.start')}
          act={async () => {
            await requests.startJob()
            onChanged()
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </Section>
  )
}

function shownState({ state, step, isCancelled, finishedAt }: TrainingJob) {
  if (isCancelled && !finishedAt) return 'cancelling'
  return state === 'waiting' && step === 'deploy' ? 'onTrial' : state
}

function JobHead({ job, onCancel }: { job: TrainingJob; onCancel: () => void }) {
  const { t, i18n } = useTranslation('admin')
  const { state, trigger, createdAt, finishedAt, isCancelled, outcome } = job
  /** A newer server may have codes that this page has no words for. */
  const isKnown = (code: string): code is OutcomeCode => i18n.exists(`training.outcome.${code}`, { ns: 'admin' })
  return (
    <div className={classes.head}>
      <div className={classes.states}>
        <Badge tone={tones[state]}>{t(`training.state.${shownState(job)}`)}</Badge>
        <span>{formatInstant(createdAt, i18n.language)}</span>
        <span className={classes.quiet}>{t(`training.trigger.${trigger}`)}</span>
      </div>
      {!finishedAt && (
        <button type="button" className="plain-button" disabled={isCancelled} onClick={onCancel}>
          {t('training.cancel')}
        </button>
      )}
      {outcome && state !== 'deployed' && (
        <p className={classes.outcome}>
          {isKnown(outcome.code) ? t(`training.outcome.${outcome.code}`) : outcome.code}
          {outcome.reasons.length > 0 && <> · {outcome.reasons.join(' · ')}</>}
        </p>
      )}
    </div>
  )
}
