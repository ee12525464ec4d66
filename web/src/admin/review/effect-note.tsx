import { useTranslation } from 'react-i18next'
import type { ReviewEffect } from '../../../../src/training/review/api.ts'
import { formatInstant } from '../../parts/when.ts'
import classes from './review-page.module.css'

/** What the reviews so far change, in sentences. */
export function EffectNote({ effect: { rows, right, waiting, lastJob } }: { effect: ReviewEffect }) {
  const { t, i18n } = useTranslation('admin')
  return (
    <div className={classes.effect}>
      <p>{rows === 0 ? t('review.effect.none') : t('review.effect.now', { rows, right })}</p>
      {rows > 0 && <meter min={0} max={rows} value={right} aria-label={t('review.effect.now', { rows, right })} />}
      <p>{waiting > 0 ? t('review.effect.waiting', { count: waiting }) : t('review.effect.nothingWaiting')}</p>
      {lastJob && lastJob.rows > 0 && (
        <p>
          {t('review.effect.lastJob', {
            at: lastJob.finishedAt ? formatInstant(lastJob.finishedAt, i18n.language) : '–',
            ...{ rows: lastJob.rows, before: lastJob.rightBefore, after: lastJob.right },
          })}
        </p>
      )}
      {rows > 0 && <p className={classes.keys}>{t('review.effect.note')}</p>}
    </div>
  )
}
