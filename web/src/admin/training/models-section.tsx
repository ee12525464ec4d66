import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TrainingModel, TrainingModels } from '../../../../src/training/api.ts'
import { Badge } from '../../parts/badge.tsx'
import { Empty } from '../../parts/empty.tsx'
import { ReasonDialog } from '../../parts/reason-dialog.tsx'
import { Section } from '../../parts/section.tsx'
import { Table } from '../../parts/table.tsx'
import { formatInstant } from '../../parts/when.ts'
import type { TrainingRequests } from '../training-requests.ts'
import { Comparison } from './comparison.tsx'
import { formatFigure } from './figures.ts'
import { useModelName } from './serving-section.tsx'
import classes from './training-page.module.css'

type Props = { models: TrainingModels; requests: TrainingRequests; onChanged: () => void }

/** Every version with its figures; any two side by side; any one put in service. */
export function ModelsSection({ models: { serving, models }, requests, onChanged }: Props) {
  const { t, i18n } = useTranslation('admin')
  const nameOf = useModelName()
  const [chosen, setChosen] = useState<string[]>([])
  const [deploying, setDeploying] = useState<string | null>(null)
  const toggle = (id: string) =>
    setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id].slice(-2))
  const figure = (name: string, read: (metrics: NonNullable<TrainingModel['metrics']>) => number | null) => ({
    key: name,
    title: t(`training.figure.${name as 'golden exact'}`),
    numeric: true,
    cell: ({ metrics }: TrainingModel) => (metrics ? formatFigure(name, read(metrics)) : '–'),
  })
  const [first, second] = chosen
  return (
    <Section title={t('training.models')} lead={t('training.modelsLead')}>
      {models.length === 0 ? (
        <Empty>{t('training.noModels')}</Empty>
      ) : (
        <Table
          label={t('training.models')}
          rows={models}
          keyOf={({ model }) => model}
          columns={[
            {
              key: 'model',
              title: t('training.model'),
              cell: ({ model }) => (
                <span className={classes.states}>
                  <label className={classes.pick}>
                    <input
                      type="checkbox"
                      checked={chosen.includes(model)}
                      aria-label={t('training.pick', { name: nameOf(model) })}
                      onChange={() => toggle(model)}
                    />
                    <code>{nameOf(model)}</code>
                  </label>
                  {model === serving.model && <Badge tone="good">{t('training.inService')}</Badge>}
                  {model === serving.canary?.model && <Badge tone="notice">{t('training.canary')}</Badge>}
                </span>
              ),
            },
            figure('golden exact', ({ golden }) => golden.exact),
            figure('heldOut accuracy', ({ heldOut }) => heldOut.accuracy),
            figure('latencyMicros p99', ({ latencyMicros }) => latencyMicros.p99),
            { key: 'trainer', title: t('training.trainer'), cell: ({ trainer }) => trainer },
            {
              key: 'made',
              title: t('training.made'),
              cell: ({ createdAt }) => formatInstant(createdAt, i18n.language),
            },
            {
              key: 'deploy',
              title: '',
              cell: ({ model }) =>
                model !== serving.model && (
                  <button
                    type="button"
                    className="plain-button"
                    aria-label={t('training.deployOf', { name: nameOf(model) })}
                    onClick={() => setDeploying(model)}
                  >
                    {t('training.deploy')}
                  </button>
                ),
            },
          ]}
        />
      )}
      {first !== undefined && second === undefined && <p className={classes.quiet}>{t('training.pickOne')}</p>}
      {first !== undefined && second !== undefined && <Comparison of={[first, second]} requests={requests} />}
      {deploying !== null && (
        <ReasonDialog
          title={t('training.deployTitle', { name: nameOf(deploying) })}
          text={t('training.deployText')}
          action={t('training.deploy')}
          act={async (reason) => {
            await requests.deployModel(deploying, reason)
            onChanged()
          }}
          onClose={() => setDeploying(null)}
        />
      )}
    </Section>
  )
}
