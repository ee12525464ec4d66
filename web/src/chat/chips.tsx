import { useTranslation } from 'react-i18next'
import type { Chip } from '../../../src/chat/api.ts'
import classes from './chips.module.css'

/** How a question was understood, part by part. */
export function Chips({ chips }: { chips: Chip[] }) {
  const { t } = useTranslation()
  return (
    <ul className={classes.chips} aria-label={t('input.understood')}>
      {chips.map((chip) => (
        <li key={`${chip.kind} ${chip.label} ${chip.value}`} className={classes.chip} data-kind={chip.kind}>
          <span className={classes.label}>{chip.label}</span>
          <span className={classes.value}>{chip.value}</span>
        </li>
      ))}
    </ul>
  )
}
