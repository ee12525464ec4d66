import { WifiOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import classes from './connection-banner.module.css'
import type { Connection } from './use-connection.ts'

/** Says that the server can't be reached, what still works, and that it comes back by itself. */
export function ConnectionBanner({ connection, onReconnect }: { connection: Connection; onReconnect: () => void }) {
  const { t } = useTranslation()
  return (
    <div role="status" aria-live="polite">
      {connection !== 'online' && (
        <div className={classes.banner}>
          <WifiOff size={16} aria-hidden className={classes.icon} />
          <p>{t(connection === 'offline' ? 'connection.offline' : 'connection.lost')}</p>
          {connection === 'lost' && (
            <button type="button" className={classes.now} onClick={onReconnect}>
              {t('connection.now')}
            </button>
          )}
        </div>
      )}
    </div>
  )
}
