import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../../../src/auth/api.ts'
import type { CreateApiKey } from '../../../../src/auth/api-keys/api.ts'
import { ActDialog } from '../../parts/act-dialog.tsx'
import { Checkbox, TextArea, TextField } from '../../parts/field.tsx'
import { readLines } from '../../parts/read-lines.ts'
import { useRoleName } from '../../parts/role-names.ts'
import { endOfDay, today } from '../../parts/when.ts'
import type { AdminRequests } from '../admin-requests.ts'
import classes from './api-keys-page.module.css'
import { type Owner, OwnerField } from './owner-field.tsx'

type Props = { me: Me; people: AdminRequests; create: (wish: CreateApiKey) => Promise<void>; onClose: () => void }
type Scope = CreateApiKey['scopes'][number]

/** In the order of the list; one that is missing is a type error. */
const scopes = Object.keys({ ask: 1, sync: 1, audit: 1, training: 1 } satisfies Record<Scope, 1>) as Scope[]
const usualDays = 90
const longestDays = 365
const dayMs = 86_400_000

const dayIn = (days: number) => today(new Date(Date.now() + days * dayMs))

/** What a new key is called, for whom it acts, for what it is good, from where and until when. */
export function CreateKeyDialog({ me, people, create, onClose }: Props) {
  const { t } = useTranslation('admin')
  const roleName = useRoleName()
  const [name, setName] = useState('')
  const [owner, setOwner] = useState<Owner>(me)
  const [roles, setRoles] = useState<Me['roles']>(['employee'])
  const [chosen, setChosen] = useState<CreateApiKey['scopes']>(['ask'])
  const [lastDay, setLastDay] = useState(() => dayIn(usualDays))
  const [networks, setNetworks] = useState('')
  const [isTried, setTried] = useState(false)
  const held = roles.filter((role) => owner.roles.includes(role))
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
          ...{ name: name.trim(), ownerId: owner.userId, roles: held, scopes: chosen, networks: readLines(networks) },
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
      <OwnerField me={me} people={people} owner={owner} onChoose={setOwner} />
      <fieldset className={classes.choices}>
        <legend>{t('apiKeys.roles')}</legend>
        {owner.roles.map((role) => (
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
