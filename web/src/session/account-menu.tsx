import { Menu, UnstyledButton } from '@mantine/core'
import { ChevronDown, LogOut } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../../src/auth/api.ts'
import { ko } from '../i18n/ko.ts'
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
    <Menu position="bottom-end" width={248} offset={6} shadow="md" withinPortal>
      <Menu.Target>
        <UnstyledButton className={classes.button} aria-label={`${t('account.label')} · ${me.name}`}>
          <span className={classes.initial} aria-hidden>
            {me.name.slice(0, 1)}
          </span>
          <span className={classes.name}>{me.name}</span>
          <ChevronDown size={14} aria-hidden className={classes.chevron} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown className={classes.dropdown}>
        <div className={classes.who}>
          <p className={classes.fullName}>{me.name}</p>
          <p className={classes.detail}>{me.department}</p>
          <p className={classes.detail}>{me.email}</p>
          <ul className={classes.roles}>
            {shown.map((role) => (
              <li key={role}>{t(`account.roles.${role}`)}</li>
            ))}
          </ul>
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut size={16} aria-hidden />} onClick={onSignOut}>
          {t('account.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
