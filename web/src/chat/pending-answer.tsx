import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PendingTurn } from './chat-state.ts'
import { Chips } from './chips.tsx'
import classes from './pending-answer.module.css'

const slowAfterMs = 6000

/** The shape of the answer to come, and what is being done for it. */
export function PendingAnswer({ pending }: { pending: PendingTurn }) {
  const { t } = useTranslation()
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), slowAfterMs)
    return () => clearTimeout(timer)
  }, [])
  const phases = { sent: 'turn.sent', accepted: 'turn.understanding', understood: 'turn.looking' } as const
  return (
    <div className={classes.card} aria-busy="true">
      <p className={classes.phase}>
        <span className={classes.pulse} aria-hidden />
        {slow ? t('turn.slow') : t(phases[pending.phase])}
      </p>
      <div className={`skeleton ${classes.number}`} />
      <div className={`skeleton ${classes.sentence}`} />
      {pending.chips.length > 0 ? <Chips chips={pending.chips} /> : <div className={`skeleton ${classes.chips}`} />}
      <div className={classes.rows} aria-hidden>
        {[0, 1, 2].map((n) => (
          <div key={n} className={classes.row}>
            <div className="skeleton" />
            <div className="skeleton" />
          </div>
        ))}
      </div>
    </div>
  )
}
