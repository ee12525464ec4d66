import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Select, TextField } from '../../parts/field.tsx'
import type { MessageFilters } from './message-filters.ts'
import classes from './notify.module.css'

type Props<State extends string> = {
  filled: MessageFilters<State>
  states: readonly State[]
  nameOf: (state: State) => string
  onFill: (change: Partial<MessageFilters<State>>) => void
  children?: ReactNode
}

/** Above a list of messages: state and days, and before them what only some lists have. */
export function MessageFilterFields<State extends string>(props: Props<State>) {
  const { filled, states, nameOf, onFill, children } = props
  const { t } = useTranslation('admin')
  const choices = [{ value: '' as State | '', label: t('mail.all') }]
  return (
    <search className={`${classes.filters} ${children ? '' : classes.few}`}>
      {children}
      <Select
        label={t('mail.state')}
        value={filled.state}
        choices={[...choices, ...states.map((state) => ({ value: state, label: nameOf(state) }))]}
        onChoose={(state) => onFill({ state })}
      />
      <TextField
        label={t('mail.firstDay')}
        type="date"
        value={filled.firstDay}
        max={filled.lastDay}
        onChange={({ target }) => onFill({ firstDay: target.value })}
      />
      <TextField
        label={t('mail.lastDay')}
        type="date"
        value={filled.lastDay}
        min={filled.firstDay}
        onChange={({ target }) => onFill({ lastDay: target.value })}
      />
    </search>
  )
}
