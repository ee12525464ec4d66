import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { BrandMark } from './brand-mark.tsx'
import classes from './start-screen.module.css'

/** Before we know who is here: a quiet mark, or why it isn't going on. */
export function StartScreen({ onRetry }: { onRetry?: () => void }) {
  const { t } = useTranslation()
  return (
    <main className={classes.page} id="main" aria-busy={!onRetry}>
      <BrandMark size={40} />
      <h1 className="hidden-text">{t('product')}</h1>
      {onRetry && (
        <>
          <p className={classes.text} role="alert">
            {t('start.failed')}
          </p>
          <Button variant="default" onClick={onRetry}>
            {t('retry')}
          </Button>
        </>
      )}
    </main>
  )
}

/** When the page itself failed. */
export function CrashScreen() {
  const { t } = useTranslation()
  return (
    <main className={classes.page} id="main">
      <BrandMark size={40} />
      <h1 className="hidden-text">{t('product')}</h1>
      <p className={classes.text} role="alert">
        {t('crash.text')}
      </p>
      <Button variant="default" onClick={() => window.location.reload()}>
        {t('crash.reload')}
      </Button>
    </main>
  )
}
