import { Popover, UnstyledButton } from '@mantine/core'
import { Bell, ChevronDown, LogOut, Settings } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../../src/auth/api.ts'
import { ko } from '../i18n/ko.ts'
import { Link } from '../shell/link.tsx'
import classes from './account-menu.module.css'

type RoleName = keyof typeof ko.account.roles
const isRoleName = (role: string): role is RoleName => Object.hasOwn(ko.account.roles, role)

/** Who I am here, what I may see, and the way out. */
export function AccountMenu({ me, onSignOut }: { me: Me; onSignOut: () => void }) {
  const { t } = useTranslation()
  const named = me.roles.filter(isRoleName)
  // Everyone is an employee; it is only worth saying when it is all there is.
  const shown = named.length > 1 ? named.filter((role) => role !== 'employee') : named
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
            <li key={role}>{t(`account.roles.${role}`)}</li>
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
        <button type="button" className={classes.item} onClick={onSignOut}>
          <LogOut size={16} aria-hidden />
          {t('account.signOut')}
        </button>
      </Popover.Dropdown>
    </Popover>
  )
}
