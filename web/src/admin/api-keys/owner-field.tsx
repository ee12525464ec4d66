import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../../../src/auth/api.ts'
import type { PersonSummaryBody } from '../../../../src/auth/people/api.ts'
import { Select, TextField } from '../../parts/field.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import type { AdminRequests } from '../admin-requests.ts'

/** For whom a key acts. */
export type Owner = Pick<PersonSummaryBody, 'userId' | 'name' | 'department' | 'roles'>

type Props = { me: Me; people: AdminRequests; owner: Owner; onChoose: (owner: Owner) => void }

const typingMs = 250

/** For whom a key acts: oneself, or for those who may manage people whomever they find. */
export function OwnerField({ me, people, owner, onChoose }: Props) {
  const { t } = useTranslation('admin')
  const mayAll = me.permissions.includes('people')
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), typingMs)
  const { loaded } = useLoaded(
    async () => (mayAll ? await people.listPeople({ search, role: '', state: 'active' }) : { people: [] }),
    search,
  )
  const found: Owner[] = loaded.state === 'ready' ? loaded.value.people : []
  // Whoever is chosen stays in the list, found or not, and so does oneself.
  const owners = [...new Map([owner, me, ...found].map((one) => [one.userId, one])).values()]
  const isCut = loaded.state === 'ready' && loaded.value.next !== undefined
  return (
    <>
      {mayAll && (
        <TextField
          label={t('apiKeys.findOwner')}
          type="search"
          value={typed}
          maxLength={100}
          hint={
            loaded.state === 'ready'
              ? t(isCut ? 'apiKeys.ownersMore' : 'apiKeys.ownersFound', { count: found.length })
              : ''
          }
          error={loaded.state === 'failed' ? t('apiKeys.ownersFailed') : null}
          onChange={({ target }) => setTyped(target.value)}
          onKeyDown={(event) => {
            // Enter is for the search here, not for the whole form.
            if (event.key === 'Enter') event.preventDefault()
          }}
        />
      )}
      <Select
        label={t('apiKeys.owner')}
        value={owner.userId}
        choices={owners.map(({ userId, name, department }) => ({
          value: userId,
          label: [name, department].filter(Boolean).join(' · '),
        }))}
        onChoose={(userId) => onChoose(owners.find((one) => one.userId === userId) ?? owner)}
      />
    </>
  )
}
