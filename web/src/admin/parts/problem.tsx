import { CircleAlert, Copy, RotateCcw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type ApiError, localCodes } from '../../api/client.ts'
import { useCopy } from '../../shell/use-copy.ts'
import classes from './problem.module.css'

/** What went wrong, what to do, and a code for whoever is asked for help. */
export function Problem({ error, onRetry }: { error: ApiError; onRetry?: () => void }) {
  const { t } = useTranslation('admin')
  return (
    <div className={classes.problem} role="alert">
      <CircleAlert size={18} strokeWidth={1.75} aria-hidden className={classes.icon} />
      <div className={classes.content}>
        <p>{error.message || t(`problem.${ownSentence(error.code)}`)}</p>
        {(onRetry || error.traceId) && (
          <div className={classes.foot}>
            {onRetry && (
              <button type="button" className="plain-button" onClick={onRetry}>
                <RotateCcw size={14} aria-hidden />
                {t('retry')}
              </button>
            )}
            {error.traceId && <TraceCode id={error.traceId} />}
          </div>
        )}
      </div>
    </div>
  )
}

function ownSentence(code: string): 'timeout' | 'offline' | 'unknown' {
  if (code === localCodes.timeout) return 'timeout'
  return code === localCodes.offline ? 'offline' : 'unknown'
}

/** The first characters of a trace id; a press copies all of it. */
export function TraceCode({ id }: { id: string }) {
  const { t } = useTranslation('admin')
  const { phase, copy } = useCopy()
  return (
    <button type="button" className={classes.trace} onClick={() => void copy(id)} title={id}>
      <span className="hidden-text">{t('problem.copyTrace')}: </span>
      <span>{phase === 'copied' ? t('copied') : `${t('problem.trace')} ${id.slice(0, 8)}`}</span>
      <Copy size={12} aria-hidden />
    </button>
  )
}
