import { useTranslation } from 'react-i18next'
import type { ReviewChoices } from '../../../../src/training/review/api.ts'

/** Labels that say what sort of sentence it is; the others name a topic of the catalog. */
export const plainLabels = [
  'ask',
  'greeting',
  'thanks',
  'help',
  'write',
  'forecast',
  'cause',
  'advice',
  'manual',
  'private',
  'outside',
  'task',
  'injection',
  'noise',
] as const

const isPlain = (label: string): label is (typeof plainLabels)[number] => plainLabels.some((one) => one === label)

/** A label in plain words: those of the catalog for a topic. */
export function useLabelWords({ entities }: ReviewChoices): (label: string) => string {
  const { t, i18n } = useTranslation('admin')
  const language = i18n.language === 'en' ? 'en' : 'ko'
  return (label) => {
    if (isPlain(label)) return t(`review.labels.${label}`)
    const [name, measure] = label.split('.')
    const entity = entities.find((one) => one.entity === name)
    if (!entity) return label
    const measured = entity.measures.find((one) => one.name === measure)?.label[language]
    const what = measured ?? (measure === 'count' ? t('review.count') : t('review.records'))
    return `${entity.label[language]} · ${what}`
  }
}
