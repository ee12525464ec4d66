import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReviewCandidate, ReviewChoices, ReviewVerdict } from '../../../../src/training/review/api.ts'
import type { ApiError } from '../../api/client.ts'
import { ActDialog } from '../../parts/act-dialog.tsx'
import { Select } from '../../parts/field.tsx'
import { plainLabels, useLabelWords } from './label-words.ts'
import { draftOf, type EntityChoice, queryOfDraft } from './query-draft.ts'
import { QueryForm } from './query-form.tsx'
import classes from './review-page.module.css'

type Props = {
  candidate: ReviewCandidate
  choices: ReviewChoices
  /** Tells what kept it from being kept. */
  save: (verdict: ReviewVerdict) => Promise<ApiError | null>
  onClose: () => void
}

const talk = ['greeting', 'thanks', 'help']
const kinds = ['query', 'topic', 'talk', 'declined'] as const
type Kind = (typeof kinds)[number]

function kindOf(candidate: ReviewCandidate): Kind {
  const label = candidate.label ?? candidate.suggested
  if (candidate.query || label === undefined) return 'query'
  if (label === 'ask' || label.includes('.')) return 'topic'
  return talk.includes(label) ? 'talk' : 'declined'
}

/** Says what a question means: the whole query, its topic, or that it is none. */
export function CorrectDialog({ candidate, choices, save, onClose }: Props) {
  const { t } = useTranslation('admin')
  const say = useLabelWords(choices)
  const [kind, setKind] = useState(() => kindOf(candidate))
  const labels: Record<Exclude<Kind, 'query'>, string[]> = {
    topic: choices.labels.filter((label) => label === 'ask' || label.includes('.')),
    talk: plainLabels.filter((label) => talk.includes(label)),
    declined: plainLabels.filter((label) => label !== 'ask' && !talk.includes(label)),
  }
  const given = candidate.label ?? candidate.suggested ?? ''
  const [label, setLabel] = useState(given)
  const [draft, setDraft] = useState(() => firstDraft(candidate, choices))
  const offered = kind === 'query' ? [] : labels[kind]
  const chosen = offered.includes(label) ? label : (offered[0] ?? 'ask')
  async function act(): Promise<void> {
    const choice = choices.entities.find(({ entity }) => entity === draft.entity)
    const isWhole = kind === 'query' && choice !== undefined
    const failed = await save(isWhole ? { query: queryOfDraft(draft, choice, candidate.query) } : { label: chosen })
    if (failed) throw failed
  }
  return (
    <ActDialog title={t('review.form.title')} action={t('review.form.save')} act={act} onClose={onClose}>
      <p className={classes.quoted}>{candidate.question.replaceAll('[personal]', t('review.masked'))}</p>
      <Select
        label={t('review.form.kind')}
        value={kind}
        choices={kinds.map((value) => ({ value, label: t(`review.form.kinds.${value}`) }))}
        onChoose={setKind}
      />
      {kind === 'query' ? (
        <QueryForm draft={draft} choices={choices} onChange={setDraft} />
      ) : (
        <Select
          label={kind === 'topic' ? t('review.form.topic') : t('review.form.label')}
          value={chosen}
          choices={offered.map((value) => ({ value, label: say(value) }))}
          onChoose={setLabel}
        />
      )}
    </ActDialog>
  )
}

/** What was said before, else what it was read as, else the first thing there is. */
function firstDraft({ query, label, suggested, reading }: ReviewCandidate, { entities }: ReviewChoices) {
  const [named, measure] = (label ?? suggested ?? '').split('.')
  const wanted = [query?.entity, named, reading?.entity].flatMap((name) =>
    entities.filter(({ entity }) => entity === name),
  )
  const choice: Pick<EntityChoice, 'entity' | 'period'> = wanted[0] ?? entities[0] ?? { entity: '' }
  const said = choice.entity === named ? measure : reading?.entity === choice.entity ? reading.measure : undefined
  const measures = typeof said === 'string' && said !== '' ? [said] : []
  return draftOf(query ?? { entity: choice.entity, measures }, choice)
}
