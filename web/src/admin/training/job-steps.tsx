import { useTranslation } from 'react-i18next'
import type { TrainingJob } from '../../../../src/training/api.ts'
import classes from './training-page.module.css'

const names = ['collect', 'preprocess', 'train', 'evaluate', 'gate', 'deploy'] as const
type Step = TrainingJob['steps'][number]
type StepState = 'done' | 'running' | 'stopped' | 'next'

function stateOf(step: Step | undefined, job: TrainingJob): StepState {
  if (!step) return 'next'
  if (step.finishedAt) return 'done'
  return job.finishedAt ? 'stopped' : 'running'
}

/** How long a step took, in seconds. */
const secondsOf = ({ startedAt, finishedAt }: Step): string =>
  finishedAt ? ((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000).toFixed(1) : ''

/** The steps of a job in their order, with how far each has come. */
export function JobSteps({ job }: { job: TrainingJob }) {
  const { t } = useTranslation('admin')
  return (
    <ol className={classes.steps} aria-label={t('training.steps')}>
      {names.map((name) => {
        const step = job.steps.find((one) => one.step === name)
        const state = stateOf(step, job)
        const percent = Math.round((state === 'done' ? 1 : (step?.progress ?? 0)) * 100)
        return (
          <li key={name} className={classes.step} data-state={state}>
            <span className={classes.stepName}>{t(`training.step.${name}`)}</span>
            <progress max={100} value={percent} aria-label={t(`training.step.${name}`)} />
            <span className={classes.quiet}>
              {t(`training.stepState.${state}`, { percent })}
              {step?.finishedAt && ` · ${t('training.seconds', { count: secondsOf(step) })}`}
              {step && step.attempts > 1 && ` · ${t('training.attempts', { count: step.attempts })}`}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
