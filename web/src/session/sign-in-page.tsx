import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { BrandMark } from '../shell/brand-mark.tsx'
import { LanguageSwitch } from '../shell/language-switch.tsx'
import { ThemeMenu } from '../shell/theme-menu.tsx'
import { signInMessage } from './sign-in-message.ts'
import classes from './sign-in-page.module.css'
import { useCompany } from './use-company.ts'

type Props = { expired: boolean }

/** The only page without a session: who we are, one button, and why the last try failed. */
export function SignInPage({ expired }: Props) {
  const { t, i18n } = useTranslation()
  const [busy, setBusy] = useState(false)
  const company = useCompany(i18n.language)
  const notice = signInMessage(window.location.search, expired)

  function goToProvider(): void {
    setBusy(true)
    const here = window.location.pathname
    window.location.assign(`/auth/login?returnTo=${encodeURIComponent(here)}`)
  }

  return (
    <div className={classes.page}>
      <header className={classes.top}>
        <span className={classes.brand}>
          <BrandMark />
          {t('product')}
        </span>
        <div className={classes.controls}>
          <LanguageSwitch />
          <ThemeMenu />
        </div>
      </header>
      <main className={classes.main} id="main">
        <div className={classes.panel}>
          {company && <p className={classes.company}>{company}</p>}
          <h1 className={classes.title}>{t('signIn.title')}</h1>
          <p className={classes.lead}>{t('signIn.lead')}</p>
          {notice && (
            <div className={notice.tone === 'error' ? classes.error : classes.notice} role="status">
              <p>{t(notice.key)}</p>
              {notice.code && <code className={classes.code}>{notice.code}</code>}
            </div>
          )}
          <Button fullWidth size="md" className={classes.button} onClick={goToProvider} disabled={busy}>
            {busy ? t('signIn.busy') : t('signIn.button')}
          </Button>
          <p className={classes.note}>{t('signIn.note')}</p>
        </div>
      </main>
    </div>
  )
}
