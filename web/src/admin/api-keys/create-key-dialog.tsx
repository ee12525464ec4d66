import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../../../src/auth/api.ts'
import type { CreateApiKey } from '../../../../src/auth/api-keys/api.ts'
import { ActDialog } from '../../parts/act-dialog.tsx'
import { Checkbox, Select, TextArea, TextField } from '../../parts/field.tsx'
import { readLines } from '../../parts/read-lines.ts'
import { useRoleName } from '../../parts/role-names.ts'
import { useLoaded } from '../../parts/use-loaded.ts'
import { endOfDay, today } from '../../parts/when.ts'
import type { AdminRequests } from '../admin-requests.ts'
import classes from './api-keys-page.module.css'

type Props = { me: Me; people: AdminRequests; create: (wish: CreateApiKey) => Promise<void>; onClose: () => void }
type Owner = Pick<Me, 'userId' | 'name' | 'roles'>

const scopes = ['ask', 'sync', 'audit'] as const
const usualDays = 90
const longestDays = 365
const dayMs = 86_400_000

const dayIn = (days: number) => today(new Date(Date.now() + days * dayMs))

/** What a new key is called, for whom it acts, for what it is good, from where and until when. */
export function CreateKeyDialog({ me, people, create, onClose }: Props) {
  const { t } = useTranslation('admin')
  const roleName = useRoleName()
  const owners = useOwners(me, people)
  const [name, setName] = useState('')
  const [ownerId, setOwnerId] = useState(me.userId)
  const [roles, setRoles] = useState<Me['roles']>(['employee'])
  const [chosen, setChosen] = useState<CreateApiKey['scopes']>(['ask'])
  const [lastDay, setLastDay] = useState(() => dayIn(usualDays))
  const [networks, setNetworks] = useState('')
  const [isTried, setTried] = useState(false)
  const owner = owners.find(({ userId }) => userId === ownerId)
  const held = roles.filter((role) => owner?.roles.includes(role))
  const isReady = name.trim() !== '' && held.length > 0 && chosen.length > 0 && lastDay !== ''
  const toggle = <T,>(list: T[], item: T) =>
    list.includes(item) ? list.filter((one) => one !== item) : [...list, item]

  return (
    <ActDialog
      title={t('apiKeys.createTitle')}
      action={t('apiKeys.create')}
      isReady={isReady}
      onTry={() => setTried(true)}
      act={() =>
        create({
          ...{ name: name.trim(), ownerId, roles: held, scopes: chosen, networks: readLines(networks) },
          expiresAt: endOfDay(lastDay),
        })
      }
      onClose={onClose}
    >
      <TextField
        label={t('apiKeys.name')}
        hint={t('apiKeys.nameHint')}
        error={isTried && name.trim() === '' ? t('apiKeys.nameMissing') : null}
        value={name}
        maxLength={80}
        data-autofocus
        onChange={({ target }) => setName(target.value)}
      />
      <Select
        label={t('apiKeys.owner')}
        value={ownerId}
        choices={owners.map((one) => ({ value: one.userId, label: one.name }))}
        onChoose={setOwnerId}
      />
      <fieldset className={classes.choices}>
        <legend>{t('apiKeys.roles')}</legend>
        {owner?.roles.map((role) => (
          <Checkbox
            key={role}
            label={roleName(role)}
            checked={roles.includes(role)}
            onChange={() => setRoles(toggle(roles, role))}
          />
        ))}
        {isTried && held.length === 0 && <p className={classes.error}>{t('apiKeys.roleMissing')}</p>}
      </fieldset>
      <fieldset className={classes.choices}>
        <legend>{t('apiKeys.scopes')}</legend>
        {scopes.map((scope) => (
          <Checkbox
            key={scope}
            label={t(`apiKeys.scope.${scope}`)}
            checked={chosen.includes(scope)}
            onChange={() => setChosen(toggle(chosen, scope))}
          />
        ))}
        {isTried && chosen.length === 0 && <p className={classes.error}>{t('apiKeys.scopeMissing')}</p>}
      </fieldset>
      <TextField
        label={t('apiKeys.end')}
        hint={t('apiKeys.endHint')}
        type="date"
        value={lastDay}
        min={today(new Date())}
        max={dayIn(longestDays - 1)}
        onChange={({ target }) => setLastDay(target.value)}
      />
      <TextArea
        label={t('apiKeys.networks')}
        hint={t('apiKeys.networksHint')}
        value={networks}
        spellCheck={false}
        onChange={({ target }) => setNetworks(target.value)}
      />
    </ActDialog>
  )
}

/** Oneself, and everyone else for those who may manage people. */
function useOwners(me: Me, people: AdminRequests): Owner[] {
  const mayAll = me.permissions.includes('people')
  const { loaded } = useLoaded(
    async () => (mayAll ? (await people.listPeople({ search: '', role: '', state: 'active' })).people : []),
    'owners',
  )
  const others = loaded.state === 'ready' ? loaded.value.filter(({ userId }) => userId !== me.userId) : []
  return [me, ...others]
}
