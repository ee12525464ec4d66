import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DecideRole, PersonBody } from '../../../../src/auth/people/api.ts'
import { TextField } from '../../parts/field.tsx'
import { ReasonDialog } from '../../parts/reason-dialog.tsx'
import { useRoleName } from '../../parts/role-names.ts'
import { endOfDay, today } from '../../parts/when.ts'
import type { RoleLine } from './role-lines.ts'

type Props = {
  person: PersonBody
  line: RoleLine
  decide: (decision: DecideRole) => Promise<void>
  onClose: () => void
}

const words = { granted: 'grant', withheld: 'withhold', 'as-provider': 'undo' } as const

/** Decides on a role of a person: with a reason, and until when if it is for a time. */
export function RoleDialog({ person, line: { role, next }, decide, onClose }: Props) {
  const { t } = useTranslation('admin')
  const roleName = useRoleName()
  const [lastDay, setLastDay] = useState('')
  const word = words[next]
  return (
    <ReasonDialog
      title={t(`person.${word}Title`, { name: person.name, role: roleName(role) })}
      text={t(`person.${word}Text`)}
      action={t(`person.${word}`)}
      isDangerous={next === 'withheld'}
      act={(reason) => decide({ decision: next, reason, ...(lastDay && { expiresAt: endOfDay(lastDay) }) })}
      onClose={onClose}
    >
      {next !== 'as-provider' && (
        <TextField
          label={t('person.end')}
          hint={t('person.endHint')}
          type="date"
          value={lastDay}
          min={today(new Date())}
          onChange={({ target }) => setLastDay(target.value)}
        />
      )}
    </ReasonDialog>
  )
}
