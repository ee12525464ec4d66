import { CircleAlert, RotateCcw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { localCodes } from '../api/client.ts'
import classes from './problem.module.css'
import { TraceCode } from './trace-code.tsx'

type Props = {
  error: { code: string; message: string; traceId: string | null }
  /** What was to be had, which decides our words where the server sent none. */
  of?: 'page' | 'answer'
  onRetry?: () => void
}

/** What went wrong, what to do, and a code for whoever is asked for help. */
export function Problem({ error, of = 'page', onRetry }: Props) {
  const { t } = useTranslation()
  return (
    <div className={classes.problem} role="alert" data-of={of}>
      <CircleAlert size={18} strokeWidth={1.75} aria-hidden className={classes.icon} />
      <div className={classes.content}>
        <p>{error.message || t(`problem.${of}.${ownSentence(error.code)}`)}</p>
        {(onRetry || error.traceId) && (
          <div className={classes.foot}>
            {onRetry && (
              <button type="button" className="plain-button" onClick={onRetry}>
                <RotateCcw size={14} aria-hidden />
                {t(`problem.${of}.retry`)}
              </button>
            )}
            {error.traceId && <TraceCode id={error.traceId} />}
          </div>
        )}
      </div>
    </div>
  )
}

/** Our sentence for an error that came without one. */
function ownSentence(code: string): 'timeout' | 'offline' | 'unknown' {
  if (code === localCodes.timeout) return 'timeout'
  return code === localCodes.offline ? 'offline' : 'unknown'
}
