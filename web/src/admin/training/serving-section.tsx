import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TrainingModels } from '../../../../src/training/api.ts'
import { ReasonDialog } from '../../parts/reason-dialog.tsx'
import { Section } from '../../parts/section.tsx'
import { formatInstant } from '../../parts/when.ts'
import type { TrainingRequests } from '../training-requests.ts'
import classes from './training-page.module.css'

type Props = { models: TrainingModels; requests: TrainingRequests; onChanged: () => void }

/** A version as people call it. */
export function useModelName(): (id: string) => string {
  const { t } = useTranslation('admin')
  return (id) => (id === 'built-in' ? t('training.builtIn') : id.slice(0, 8))
}

/** Which model reads questions, which one is on trial, how it came to be, and the way back. */
export function ServingSection({ models: { serving, deployments }, requests, onChanged }: Props) {
  const { t, i18n } = useTranslation('admin')
  const nameOf = useModelName()
  const [isAsking, setAsking] = useState(false)
  const canGoBack = serving.model !== 'built-in' || serving.canary !== undefined
  const shown = deployments.slice(0, 5)
  return (
    <Section
      title={t('training.serving')}
      actions={
        canGoBack && (
          <button type="button" className="plain-button" onClick={() => setAsking(true)}>
            {t('training.rollBack')}
          </button>
        )
      }
    >
      <div className={classes.card}>
        <dl className={classes.facts}>
          <div>
            <dt>{t('training.inService')}</dt>
            <dd>
              <strong>{nameOf(serving.model)}</strong>
            </dd>
          </div>
          {(['canary', 'shadow'] as const).map((kind) => {
            const trial = serving[kind]
            return (
              trial && (
                <div key={kind}>
                  <dt>{t(`training.${kind}`)}</dt>
                  <dd>
                    {t('training.canaryOf', { name: nameOf(trial.model), percent: Math.round(trial.share * 100) })}
                  </dd>
                </div>
              )
            )
          })}
        </dl>
        {shown.length > 0 && (
          <ul className={classes.history} aria-label={t('training.history')}>
            {shown.map((one) => (
              <li key={`${one.deployedAt} ${one.kind} ${one.model}`}>
                {formatInstant(one.deployedAt, i18n.language)} · {t(`training.deployment.${one.kind}`)} ·{' '}
                {t('training.change', { from: nameOf(one.replaced), to: nameOf(one.model) })}
                {one.reason && <> · {one.reason === 'trained' ? t('training.byJob') : one.reason}</>}
              </li>
            ))}
          </ul>
        )}
      </div>
      {isAsking && (
        <ReasonDialog
          title={t('training.rollBackTitle')}
          text={t('training.rollBackText')}
          action={t('training.rollBack')}
          isDangerous
          act={async (reason) => {
            await requests.rollBack(reason)
            onChanged()
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </Section>
  )
}
