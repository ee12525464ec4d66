import { Button, Modal } from '@mantine/core'
import { Check, Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { NewApiKey } from '../../../../src/auth/api-keys/api.ts'
import { useCopy } from '../../shell/use-copy.ts'
import classes from './api-keys-page.module.css'

/** The secret of a key, once: it is not closed by a slip beside it. */
export function SecretDialog({ made: { key, secret }, onClose }: { made: NewApiKey; onClose: () => void }) {
  const { t } = useTranslation('admin')
  const { phase, copy } = useCopy()
  const Icon = phase === 'copied' ? Check : Copy
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('apiKeys.secretTitle', { name: key.name })}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      centered
      size="md"
      lockScroll={false}
      transitionProps={{ duration: 0 }}
    >
      <div className={classes.secret}>
        <p className={classes.warning}>{t('apiKeys.secretOnce')}</p>
        <code className={classes.value}>{secret}</code>
        <div className={classes.actions}>
          <button type="button" className="plain-button" data-autofocus onClick={() => void copy(secret)}>
            <Icon size={14} aria-hidden />
            <span aria-live="polite">
              {phase === 'idle' ? t('copy') : t(phase === 'copied' ? 'copied' : 'apiKeys.copyFailed')}
            </span>
          </button>
          <Button variant="default" onClick={onClose}>
            {t('apiKeys.secretKept')}
          </Button>
        </div>
      </div>
    </Modal>
  )
}
