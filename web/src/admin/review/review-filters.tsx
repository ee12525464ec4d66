import { useTranslation } from 'react-i18next'
import { Select } from '../../parts/field.tsx'
import classes from './review-page.module.css'
import type { ReviewHandle } from './use-review.ts'

const causes = ['not_answered', 'thumbs_down', 'low_confidence', 'reformulated', 'clarified', 'thumbs_up'] as const
const states = ['open', 'labelled', 'discarded'] as const

/** Which questions are shown: by what is to be done with them, and by why they are here, with how many there are. */
export function ReviewFilters({ review: { filter, list, show } }: { review: ReviewHandle }) {
  const { t } = useTranslation('admin')
  const counts = list.loaded.state === 'ready' ? list.loaded.value.counts : {}
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const choices = [
    { cause: '', name: t('review.all'), count: all },
    ...causes.map((cause) => ({ cause, name: t(`review.cause.${cause}`), count: counts[cause] ?? 0 })),
  ]
  return (
    <div className={classes.filters}>
      <fieldset className={classes.causes}>
        <legend className="hidden-text">{t('review.causeTitle')}</legend>
        {choices.map(({ cause, name, count }) => (
          <button
            key={cause}
            type="button"
            className={classes.cause}
            aria-pressed={filter.cause === cause}
            onClick={() => show({ cause })}
          >
            {name} <span className={classes.count}>{count}</span>
          </button>
        ))}
      </fieldset>
      <div className={classes.states}>
        <Select
          label={t('review.stateTitle')}
          value={filter.state}
          choices={states.map((value) => ({ value, label: t(`review.state.${value}`) }))}
          onChoose={(state) => show({ state })}
        />
      </div>
    </div>
  )
}
