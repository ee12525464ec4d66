import { PanelLeft } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../../src/auth/api.ts'
import type { ApiClient } from '../api/client.ts'
import { AccountMenu } from '../session/account-menu.tsx'
import { IconButton } from './icon-button.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import { ThemeMenu } from './theme-menu.tsx'
import classes from './top-bar.module.css'

type Props = {
  me: Me
  api: ApiClient
  title: string | null
  listShown: boolean
  onToggleList: () => void
  onSignOut: () => void
}

/** Which conversation this is, and the few settings there are. */
export function TopBar({ me, api, title, listShown, onToggleList, onSignOut }: Props) {
  const { t } = useTranslation()
  return (
    <header className={classes.bar}>
      <IconButton
        icon={PanelLeft}
        label={listShown ? t('list.hide') : t('list.open')}
        aria-expanded={listShown}
        onClick={onToggleList}
      />
      <h1 className={classes.title}>{title ?? t('list.new')}</h1>
      <LanguageSwitch />
      <ThemeMenu />
      <AccountMenu me={me} api={api} onSignOut={onSignOut} />
    </header>
  )
}
