import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PersonBody } from '../../../../src/auth/people/api.ts'
import { ReasonDialog } from '../../parts/reason-dialog.tsx'
import type { AdminRequests } from '../admin-requests.ts'
import classes from './person-actions.module.css'

type Props = { person: PersonBody; requests: AdminRequests; onChanged: (person: PersonBody) => void }
type Action = 'disable' | 'enable' | 'endSessions'

/** Signs a person out everywhere, shuts them out, or lets them in again. */
export function PersonActions({ person, requests, onChanged }: Props) {
  const { t } = useTranslation('admin')
  const [open, setOpen] = useState<Action | null>(null)
  const [ended, setEnded] = useState<number | null>(null)
  const { userId, name, disabled } = person

  async function act(reason: string): Promise<void> {
    setEnded(null)
    if (open === 'endSessions') setEnded((await requests.endSessions(userId, reason)).ended)
    if (open === 'disable') onChanged(await requests.disablePerson(userId, reason))
    if (open === 'enable') onChanged(await requests.enablePerson(userId, reason))
  }

  const actions: Action[] = disabled ? ['enable'] : ['endSessions', 'disable']
  return (
    <div className={classes.actions}>
      <div className={classes.buttons}>
        {actions.map((action) => (
          <button
            key={action}
            type="button"
            className={`plain-button ${action === 'disable' ? classes.danger : ''}`}
            onClick={() => setOpen(action)}
          >
            {t(`person.${action}`)}
          </button>
        ))}
      </div>
      <p role="status" className={classes.ended}>
        {ended !== null && t('person.endedSessions', { count: ended })}
      </p>
      {open && (
        <ReasonDialog
          title={t(`person.${open}Title`, { name })}
          text={t(`person.${open}Text`)}
          action={t(`person.${open}`)}
          isDangerous={open === 'disable'}
          act={act}
          onClose={() => setOpen(null)}
        />
      )}
    </div>
  )
}
