import { Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ReviewChoices } from '../../../../src/training/review/api.ts'
import { Select, TextField } from '../../parts/field.tsx'
import { IconButton } from '../../parts/icon-button.tsx'
import { draftOf, type EntityChoice, grains, operators, type QueryDraft } from './query-draft.ts'
import classes from './query-form.module.css'

type Props = { draft: QueryDraft; choices: ReviewChoices; onChange: (draft: QueryDraft) => void }
type Option = { value: string; label: string }

/** A business query made of the catalog's choices. */
export function QueryForm({ draft, choices, onChange }: Props) {
  const { t, i18n } = useTranslation('admin')
  const language = i18n.language === 'en' ? 'en' : 'ko'
  const choice = choices.entities.find(({ entity }) => entity === draft.entity)
  if (!choice) return null
  const set = (change: Partial<QueryDraft>) => onChange({ ...draft, ...change })
  const dimensions = choice.dimensions.map(({ name, label }) => ({ value: name, label: label[language] }))
  const dates = choice.dimensions.filter(({ type }) => type === 'date')
  const groups = choice.dimensions.flatMap(({ name, label, type }) =>
    type === 'date'
      ? grains.map((grain) => ({
          value: `${name}:${grain}`,
          label: `${label[language]} (${t(`review.form.grains.${grain}`)})`,
        }))
      : [{ value: name, label: label[language] }],
  )
  const measures: Option[] = [
    { value: '', label: t('review.records') },
    ...choice.measures.map(({ name, label }) => ({ value: name, label: label[language] })),
    { value: 'count', label: t('review.count') },
  ]
  return (
    <div className={classes.form}>
      <div className={classes.pair}>
        <Select
          label={t('review.form.entity')}
          value={draft.entity}
          choices={choices.entities.map(({ entity, label }) => ({ value: entity, label: label[language] }))}
          onChoose={(entity) => {
            const next = choices.entities.find((one) => one.entity === entity)
            if (next) onChange(draftOf({ entity, measures: next.measures.slice(0, 1).map(({ name }) => name) }, next))
          }}
        />
        <Select
          label={t('review.form.measure')}
          value={draft.measure}
          choices={withCurrent(measures, draft.measure)}
          onChoose={(measure) => set({ measure })}
        />
        <Select
          label={t('review.form.groupBy')}
          value={draft.groupBy}
          choices={withCurrent([{ value: '', label: t('review.form.noGroup') }, ...groups], draft.groupBy)}
          onChoose={(groupBy) => set({ groupBy })}
        />
        <TextField
          label={t('review.form.limit')}
          inputMode="numeric"
          value={draft.limit}
          maxLength={4}
          onChange={({ target }) => set({ limit: target.value.replace(/\D/g, '') })}
        />
      </div>
      {dates.length > 0 && (
        <div className={classes.period}>
          <Select
            label={t('review.form.period')}
            value={draft.periodField}
            choices={withCurrent(
              dates.map(({ name, label }) => ({ value: name, label: label[language] })),
              draft.periodField,
            )}
            onChoose={(periodField) => set({ periodField })}
          />
          {(['from', 'to'] as const).map((end) => (
            <TextField
              key={end}
              label={t(`review.form.${end}`)}
              type="date"
              value={draft[end]}
              onChange={({ target }) => set(end === 'from' ? { from: target.value } : { to: target.value })}
            />
          ))}
        </div>
      )}
      <Conditions
        draft={draft}
        choice={choice}
        fields={[...dimensions, ...measures.filter(({ value }) => value !== '')]}
        onChange={(conditions) => set({ conditions })}
      />
    </div>
  )
}

/** What is chosen stays on offer, also when the list has no words for it (an average, a share). */
function withCurrent(options: Option[], current: string): Option[] {
  return options.some(({ value }) => value === current) ? options : [...options, { value: current, label: current }]
}

type ConditionsProps = {
  draft: QueryDraft
  choice: EntityChoice
  fields: Option[]
  onChange: (conditions: QueryDraft['conditions']) => void
}

function Conditions({ draft: { conditions }, choice, fields, onChange }: ConditionsProps) {
  const { t, i18n } = useTranslation('admin')
  const language = i18n.language === 'en' ? 'en' : 'ko'
  const set = (id: number, change: Partial<QueryDraft['conditions'][number]>) =>
    onChange(conditions.map((one) => (one.id === id ? { ...one, ...change } : one)))
  const valuesOf = (field: string) => choice.dimensions.find(({ name }) => name === field)?.values
  return (
    <fieldset className={classes.conditions}>
      <legend>{t('review.form.conditions')}</legend>
      {conditions.map(({ id, field, operator, value }) => {
        const values = operator === 'in' ? undefined : valuesOf(field)
        return (
          <div key={id} className={classes.condition}>
            <Select
              label={t('review.form.field')}
              value={field}
              choices={withCurrent(fields, field)}
              onChoose={(chosen) => set(id, { field: chosen, value: valuesOf(chosen)?.[0]?.value ?? '' })}
            />
            <Select
              label={t('review.form.operator')}
              value={operator}
              choices={operators.map((one) => ({ value: one, label: t(`review.form.operators.${one}`) }))}
              onChoose={(chosen) => set(id, { operator: chosen })}
            />
            {values ? (
              <Select
                label={t('review.form.value')}
                value={value}
                choices={withCurrent(
                  values.map((one) => ({ value: one.value, label: one.label[language] })),
                  value,
                )}
                onChoose={(chosen) => set(id, { value: chosen })}
              />
            ) : (
              <TextField
                label={t('review.form.value')}
                value={value}
                maxLength={200}
                onChange={({ target }) => set(id, { value: target.value })}
              />
            )}
            <IconButton
              icon={X}
              label={t('review.form.removeCondition')}
              onClick={() => onChange(conditions.filter((one) => one.id !== id))}
            />
          </div>
        )
      })}
      <button
        type="button"
        className="plain-button"
        onClick={() => {
          const field = fields[0]?.value ?? ''
          const id = Math.max(-1, ...conditions.map((one) => one.id)) + 1
          onChange([...conditions, { id, field, operator: 'eq', value: valuesOf(field)?.[0]?.value ?? '' }])
        }}
      >
        <Plus size={14} aria-hidden />
        {t('review.form.addCondition')}
      </button>
    </fieldset>
  )
}
