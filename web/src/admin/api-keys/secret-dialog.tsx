import { Button } from '@mantine/core'
import { Check, Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { NewApiKey } from '../../../../src/auth/api-keys/api.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { useCopy } from '../../parts/use-copy.ts'
import classes from './api-keys-page.module.css'

/** The secret of a key, once: it is not closed by a slip beside it. */
export function SecretDialog({ made: { key, secret }, onClose }: { made: NewApiKey; onClose: () => void }) {
  const { t } = useTranslation('admin')
  const { phase, copy } = useCopy()
  const { t: word } = useTranslation()
  const labels = { idle: word('copy'), copied: word('copied'), failed: t('apiKeys.copyFailed') }
  const Icon = phase === 'copied' ? Check : Copy
  return (
    <Dialog title={t('apiKeys.secretTitle', { name: key.name })} isKept onClose={onClose}>
      <div className={classes.secret}>
        <p className={classes.warning}>{t('apiKeys.secretOnce')}</p>
        <code className={classes.value}>{secret}</code>
        <div className={classes.actions}>
          <button type="button" className="plain-button" data-autofocus onClick={() => void copy(secret)}>
            <Icon size={14} aria-hidden />
            <span aria-live="polite">{labels[phase]}</span>
          </button>
          <Button variant="default" onClick={onClose}>
            {t('apiKeys.secretKept')}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
