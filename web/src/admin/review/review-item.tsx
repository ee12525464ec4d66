import { useTranslation } from 'react-i18next'
import type { ReviewCandidate, ReviewChoices } from '../../../../src/training/review/api.ts'
import { Chips } from '../../chat/chips.tsx'
import { Badge } from '../../parts/badge.tsx'
import { formatInstant } from '../../parts/when.ts'
import { useLabelWords } from './label-words.ts'
import classes from './review-item.module.css'

type Acts = {
  accept: () => void
  correct: () => void
  skip: () => void
  discard: () => void
  /** Of one that was reviewed. */
  reopen: (() => void) | undefined
}
type Props = {
  candidate: ReviewCandidate
  choices: ReviewChoices
  isCurrent: boolean
  /** Whether the model in service reads it as was said; undefined while nobody knows. */
  isRight: boolean | undefined
  onChoose: () => void
  acts: Acts
}

/** One question: why it is here, how it was read, what it is likely to mean, and what can be done with it. */
export function ReviewItem({ candidate, choices, isCurrent, isRight, onChoose, acts }: Props) {
  const { t, i18n } = useTranslation('admin')
  const say = useLabelWords(choices)
  const { question, cause, askedAt, complaint, askedAgainAs, suggested, label, query, reviewedBy } = candidate
  return (
    <li
      className={classes.item}
      aria-current={isCurrent || undefined}
      tabIndex={-1}
      onFocus={onChoose}
      aria-label={question}
    >
      <p className={classes.meta}>
        <Badge tone={cause === 'thumbs_up' ? 'good' : 'notice'}>{t(`review.cause.${cause}`)}</Badge>
        {formatInstant(askedAt, i18n.language)}
        {isRight !== undefined && (
          <Badge tone={isRight ? 'good' : 'bad'}>{t(isRight ? 'review.right' : 'review.wrong')}</Badge>
        )}
      </p>
      <p className={classes.question}>{question.replaceAll('[personal]', t('review.masked'))}</p>
      <WasRead candidate={candidate} />
      {askedAgainAs && <p className={classes.quiet}>{t('review.askedAgain', { text: askedAgainAs })}</p>}
      {complaint && (
        <p className={classes.quiet}>
          {t('review.complaint')}: {complaintWords(complaint, t)}
        </p>
      )}
      <p className={classes.meaning}>
        {label !== undefined && (
          <>
            {t('review.meaning')}: <strong>{say(label)}</strong> {query && t('review.whole')}
          </>
        )}
        {label === undefined && suggested !== undefined && (
          <>
            {t('review.suggested')}: <strong>{say(suggested)}</strong>
          </>
        )}
        {label === undefined && suggested === undefined && t('review.noSuggestion')}
        {reviewedBy && <span className={classes.quiet}>{t('review.by', { name: reviewedBy })}</span>}
      </p>
      <Actions acts={acts} hasSuggestion={suggested !== undefined} question={question} />
    </li>
  )
}

function WasRead({ candidate: { chips, reading } }: { candidate: ReviewCandidate }) {
  const { t } = useTranslation('admin')
  const confidence = typeof reading?.confidence === 'number' ? reading.confidence : null
  return (
    <div className={classes.read}>
      <span className={classes.quiet}>{t('review.readAs')}</span>
      {chips.length > 0 ? <Chips chips={chips.map((chip) => ({ ...chip, kind: 'where' }))} /> : t('review.readNothing')}
      {confidence !== null && chips.length > 0 && (
        <span className={classes.quiet}>{t('review.confidence', { percent: Math.round(confidence * 100) })}</span>
      )}
    </div>
  )
}

function Actions({ acts, hasSuggestion, question }: { acts: Acts; hasSuggestion: boolean; question: string }) {
  const { t } = useTranslation('admin')
  const button = (name: 'accept' | 'correct' | 'choose' | 'skip' | 'discard' | 'reopen', act: () => void) => (
    <button
      type="button"
      className={name === 'accept' ? `plain-button ${classes.accept}` : 'plain-button'}
      aria-label={`${t(`review.${name}`)}: ${question}`}
      onClick={act}
    >
      {t(`review.${name}`)}
    </button>
  )
  if (acts.reopen)
    return (
      <div className={classes.actions}>
        {button('correct', acts.correct)}
        {button('reopen', acts.reopen)}
      </div>
    )
  return (
    <div className={classes.actions}>
      {hasSuggestion && button('accept', acts.accept)}
      {button(hasSuggestion ? 'correct' : 'choose', acts.correct)}
      {button('skip', acts.skip)}
      {button('discard', acts.discard)}
    </div>
  )
}

const known = ['misunderstood', 'wrong_number', 'not_answered', 'other'] as const

function complaintWords(
  { cause, remark }: NonNullable<ReviewCandidate['complaint']>,
  t: ReturnType<typeof useTranslation<'admin'>>['t'],
): string {
  const name = known.find((one) => one === cause)
  return [name && t(`review.said.${name}`), remark && `“${remark}”`].filter(Boolean).join(' · ')
}
