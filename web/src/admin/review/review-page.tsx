import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReviewCandidate, ReviewChoices } from '../../../../src/training/review/api.ts'
import { Empty } from '../../parts/empty.tsx'
import { Problem } from '../../parts/problem.tsx'
import { Reading } from '../../parts/reading.tsx'
import { Page, Section } from '../../parts/section.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import type { TrainingRequests } from '../training-requests.ts'
import { CorrectDialog } from './correct-dialog.tsx'
import { EffectNote } from './effect-note.tsx'
import { LabelFiles } from './label-files.tsx'
import { ReviewFilters } from './review-filters.tsx'
import { ReviewItem } from './review-item.tsx'
import classes from './review-page.module.css'
import { type ReviewHandle, useReview } from './use-review.ts'
import { useReviewKeys } from './use-review-keys.ts'

/** Questions that went unanswered or wrong, what they mean, and what saying so changes. */
export function ReviewPage({ requests }: { requests: TrainingRequests }) {
  const { t } = useTranslation('admin')
  const review = useReview(requests)
  const choices = useLoaded(requests.readChoices, 'choices')
  const { effect } = review
  return (
    <Page
      title={t('pages.review')}
      lead={t('review.lead')}
      actions={
        <LabelFiles
          requests={requests}
          onImported={() => {
            review.list.reload()
            effect.reload()
          }}
        />
      }
    >
      <Section title={t('review.effect.title')}>
        <Reading of={effect} rows={2}>
          {(value) => <EffectNote effect={value} />}
        </Reading>
      </Section>
      <Section title={t('review.list')}>
        <ReviewFilters review={review} />
        <Reading of={choices} rows={6}>
          {(value) => (
            <Reading of={review.list} rows={6}>
              {() => <ReviewList review={review} choices={value} />}
            </Reading>
          )}
        </Reading>
      </Section>
    </Page>
  )
}

type ListProps = { review: ReviewHandle; choices: ReviewChoices }

function ReviewList({ review, choices }: ListProps) {
  const { t } = useTranslation('admin')
  const { candidates, current, done, problem, filter, effect } = review
  const [correcting, setCorrecting] = useState<ReviewCandidate | null>(null)
  const list = useRef<HTMLOListElement>(null)
  useReviewKeys(list, review, () => current && setCorrecting(current))
  useFollow(list, current?.turn)
  const readings = effect.loaded.state === 'ready' ? effect.loaded.value.readings : []
  return (
    <>
      <div className={classes.bar}>
        <p className={classes.keys}>{t('review.keys')}</p>
        <p className={classes.done} role="status">
          {done && t(`review.done.${done.kind}`)}
          {done && done.kind !== 'reopened' && (
            <button type="button" className="plain-button" onClick={() => void review.undo()}>
              {t('review.undo')}
            </button>
          )}
        </p>
      </div>
      {problem && <Problem error={problem} />}
      {candidates.length === 0 ? (
        <Empty>{t('review.empty')}</Empty>
      ) : (
        <ol ref={list} className={classes.list} aria-label={t('review.list')}>
          {candidates.map((one) => (
            <ReviewItem
              key={one.turn}
              candidate={one}
              choices={choices}
              isCurrent={one === current}
              isRight={readings.find(({ turn }) => turn === one.turn)?.isRight}
              onChoose={() => review.choose(one.turn)}
              acts={{
                accept: () => void review.accept(one),
                correct: () => setCorrecting(one),
                skip: () => review.move(1),
                discard: () => void review.discard(one.turn),
                reopen: filter.state === 'open' ? undefined : () => void review.reopen(one.turn),
              }}
            />
          ))}
        </ol>
      )}
      {correcting && (
        <CorrectDialog
          candidate={correcting}
          choices={choices}
          save={(verdict) => review.label(correcting.turn, verdict)}
          onClose={() => setCorrecting(null)}
        />
      )}
    </>
  )
}

/** Keeps the question at hand in sight, and the keyboard on it where it was on the list. */
function useFollow(list: React.RefObject<HTMLOListElement | null>, turn: string | undefined): void {
  const isFirst = useRef(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question is at hand
  useEffect(() => {
    const item = list.current?.querySelector<HTMLElement>('[aria-current]')
    if (!isFirst.current && !document.querySelector('[role="dialog"]')) item?.focus({ preventScroll: true })
    if (!isFirst.current) item?.scrollIntoView({ block: 'nearest' })
    isFirst.current = false
  }, [turn])
}
