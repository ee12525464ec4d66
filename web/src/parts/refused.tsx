import { Lock } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { moveTo } from '../shell/use-route.ts'
import classes from './refused.module.css'

/** Where one may not look: why, whom to ask, and the way back. `reason` is the server's sentence when it knows better. */
export function Refused({ reason }: { reason?: string | undefined }) {
  const { t } = useTranslation()
  return (
    <div className={classes.refused} role="alert">
      <Lock size={24} strokeWidth={1.5} aria-hidden className={classes.icon} />
      <h1 className={classes.title}>{t('refused.title')}</h1>
      <p>{reason ?? t('refused.text')}</p>
      <button type="button" className="plain-button" onClick={() => moveTo('/')}>
        {t('toChat')}
      </button>
    </div>
  )
}
