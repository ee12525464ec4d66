import { Check, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ConnectionReportBody } from '../../../../src/sync/api.ts'
import { currentLanguage } from '../../i18n/i18n.ts'
import classes from './overview.module.css'

type Step = ConnectionReportBody['steps'][number]

/** What a test of the connection found: what is wrong first, what passed on demand. */
export function ConnectionReport({ report: { ok, steps } }: { report: ConnectionReportBody }) {
  const { t } = useTranslation('admin')
  const failed = steps.filter((step) => !step.ok)
  const passed = steps.filter((step) => step.ok)
  return (
    <div className={classes.report}>
      <p className={classes.verdict} data-ok={ok}>
        {ok ? t('overview.testOk') : t('overview.testBad')}
      </p>
      <Steps steps={failed} />
      {passed.length > 0 && (
        <details className={classes.passed}>
          <summary>{t('overview.showPassed', { count: passed.length })}</summary>
          <Steps steps={passed} />
        </details>
      )}
    </div>
  )
}

function Steps({ steps }: { steps: Step[] }) {
  const { t } = useTranslation('admin')
  if (steps.length === 0) return null
  return (
    <ul className={classes.steps} aria-label={t('overview.steps')}>
      {steps.map((step) => (
        <li key={`${step.server} ${step.step} ${step.entity ?? ''} ${step.code}`} data-ok={step.ok}>
          {step.ok ? <Check size={16} aria-hidden /> : <X size={16} aria-hidden />}
          <span className="hidden-text">{step.ok ? t('overview.passed') : t('overview.failed')}: </span>
          <span className={classes.server}>{step.server}</span>
          <span>{step[currentLanguage()]}</span>
        </li>
      ))}
    </ul>
  )
}
