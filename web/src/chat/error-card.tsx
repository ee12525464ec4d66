import { CircleAlert, Copy, RotateCcw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { localCodes } from '../api/client.ts'
import { useCopy } from '../shell/use-copy.ts'
import classes from './error-card.module.css'

type Shown = { code: string; message: string; traceId: string | null }

/** What happened, what to do, and a code for whoever is asked for help. */
export function ErrorCard({ error, onRetry }: { error: Shown; onRetry?: () => void }) {
  const { t } = useTranslation()
  return (
    <div className={classes.card} role="alert">
      <CircleAlert size={20} strokeWidth={1.75} aria-hidden className={classes.icon} />
      <div className={classes.content}>
        <p className={classes.sentence}>{error.message || t(ownSentence(error.code))}</p>
        <div className={classes.foot}>
          {onRetry && (
            <button type="button" className="plain-button" onClick={onRetry}>
              <RotateCcw size={14} aria-hidden />
              {t('error.retry')}
            </button>
          )}
          {error.traceId && <TraceId id={error.traceId} />}
        </div>
      </div>
    </div>
  )
}

/** Our sentence for an error that came without one. */
function ownSentence(code: string): 'error.timeout' | 'error.offline' | 'error.unknown' {
  if (code === localCodes.timeout) return 'error.timeout'
  return code === localCodes.offline ? 'error.offline' : 'error.unknown'
}

function TraceId({ id }: { id: string }) {
  const { t } = useTranslation()
  const { phase, copy } = useCopy()
  return (
    <button type="button" className={classes.trace} onClick={() => void copy(id)} title={id}>
      <span className="hidden-text">{t('error.copyTrace')}: </span>
      <span>{phase === 'copied' ? t('answer.copied') : `${t('error.trace')} ${id.slice(0, 8)}`}</span>
      <Copy size={12} aria-hidden />
    </button>
  )
}
