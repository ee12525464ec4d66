import { useTranslation } from 'react-i18next'
import type { ModelComparison } from '../../../../src/training/api.ts'
import { Reading } from '../../parts/reading.tsx'
import { Table } from '../../parts/table.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import type { TrainingRequests } from '../training-requests.ts'
import { formatFigure, judgeDifference, mainFigures } from './figures.ts'
import { useModelName } from './serving-section.tsx'
import classes from './training-page.module.css'

type Figure = ModelComparison['figures'][number]
type Props = { of: [string, string]; requests: TrainingRequests }

/** Two versions figure by figure: those that decide first, all the others below. */
export function Comparison({ of: [first, second], requests }: Props) {
  const { t } = useTranslation('admin')
  const comparison = useLoaded(() => requests.compareModels(first, second), `${first} ${second}`)
  return (
    <Reading of={comparison} rows={6}>
      {(compared) => {
        const figures = compared.figures.filter(({ first: one, second: other }) => one !== null || other !== null)
        const main = mainFigures.flatMap((name) => figures.filter((figure) => figure.name === name))
        const rest = figures.filter(({ name }) => !mainFigures.some((one) => one === name))
        return (
          <div className={classes.comparison}>
            <h3>{t('training.comparison')}</h3>
            <Figures figures={main} models={[first, second]} />
            <details>
              <summary>{t('training.allFigures', { count: rest.length })}</summary>
              <Figures figures={rest} models={[first, second]} />
            </details>
          </div>
        )
      }}
    </Reading>
  )
}

function Figures({ figures, models: [first, second] }: { figures: Figure[]; models: [string, string] }) {
  const { t } = useTranslation('admin')
  const nameOf = useModelName()
  const wordsOf = (name: string) => {
    const known = mainFigures.find((one) => one === name)
    return known ? t(`training.figure.${known}`) : name
  }
  return (
    <Table
      label={t('training.comparison')}
      rows={figures}
      keyOf={({ name }) => name}
      columns={[
        { key: 'name', title: t('training.figureTitle'), cell: ({ name }) => wordsOf(name) },
        { key: 'first', title: nameOf(first), numeric: true, cell: (one) => formatFigure(one.name, one.first) },
        { key: 'second', title: nameOf(second), numeric: true, cell: (one) => formatFigure(one.name, one.second) },
        {
          key: 'difference',
          title: t('training.difference'),
          numeric: true,
          cell: (one) => {
            const judged = judgeDifference(one.name, one.difference)
            return (
              <span data-judged={judged} className={classes.difference}>
                {formatFigure(one.name, one.difference, true)}
                {judged !== 'same' && ` ${t(`training.judged.${judged}`)}`}
              </span>
            )
          },
        },
      ]}
    />
  )
}
