import type { ReactNode } from 'react'
import type { Me } from '../../../src/auth/api.ts'
import type { ApiClient } from '../api/client.ts'
import { AccountMenu } from '../session/account-menu.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import { ThemeMenu } from './theme-menu.tsx'
import classes from './top-bar.module.css'

type Props = {
  me: Me
  api: ApiClient
  onSignOut: () => void
  /** Where one is, and the way elsewhere. */
  children: ReactNode
}

/** The top of every signed-in page: where one is, and the few settings there are. */
export function TopBar({ me, api, onSignOut, children }: Props) {
  return (
    <header className={classes.bar}>
      <div className={classes.place}>{children}</div>
      <LanguageSwitch />
      <ThemeMenu />
      <AccountMenu me={me} api={api} onSignOut={onSignOut} />
    </header>
  )
}
