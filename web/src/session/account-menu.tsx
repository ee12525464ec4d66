import { Popover, UnstyledButton } from '@mantine/core'
import { Bell, ChevronDown, LogOut, MonitorSmartphone, Settings } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../../src/auth/api.ts'
import type { ApiClient } from '../api/client.ts'
import { Link } from '../parts/link.tsx'
import { useRoleName } from '../parts/role-names.ts'
import classes from './account-menu.module.css'
import { SessionsDialog } from './sessions-dialog.tsx'

type Props = { me: Me; api: ApiClient; onSignOut: () => void }

/** Who I am here, what I may see, where I am signed in, and the way out. */
export function AccountMenu(props: Props) {
  const [isListing, setListing] = useState(false)
  return (
    <>
      <Menu {...props} onListSessions={() => setListing(true)} />
      {isListing && <SessionsDialog api={props.api} onClose={() => setListing(false)} />}
    </>
  )
}

function Menu({ me, onSignOut, onListSessions }: Omit<Props, 'api'> & { onListSessions: () => void }) {
  const { t } = useTranslation()
  const roleName = useRoleName()
  // Everyone is an employee; it is only worth saying when it is all there is.
  const shown = me.roles.length > 1 ? me.roles.filter((role) => role !== 'employee') : me.roles
  return (
    <Popover position="bottom-end" width={248} offset={6} shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className={classes.button}>
          <span className={classes.initial} aria-hidden>
            {me.name.slice(0, 1)}
          </span>
          <span className="hidden-text">{t('account.label')} </span>
          <span className={classes.name}>{me.name}</span>
          <ChevronDown size={14} aria-hidden className={classes.chevron} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown} aria-label={t('account.label')}>
        <p className={classes.fullName}>{me.name}</p>
        <p className={classes.detail}>{me.department}</p>
        <p className={classes.detail}>{me.email}</p>
        <ul className={classes.roles}>
          {shown.map((role) => (
            <li key={role}>{roleName(role)}</li>
          ))}
        </ul>
        <Link to="/subscriptions" className={classes.item ?? ''}>
          <Bell size={16} aria-hidden />
          {t('account.subscriptions')}
        </Link>
        {me.permissions.length > 0 && (
          <Link to="/admin" className={classes.item ?? ''}>
            <Settings size={16} aria-hidden />
            {t('account.console')}
          </Link>
        )}
        <button type="button" className={classes.item} onClick={onListSessions}>
          <MonitorSmartphone size={16} aria-hidden />
          {t('account.sessions')}
        </button>
        <button type="button" className={classes.item} onClick={onSignOut}>
          <LogOut size={16} aria-hidden />
          {t('account.signOut')}
        </button>
      </Popover.Dropdown>
    </Popover>
  )
}
