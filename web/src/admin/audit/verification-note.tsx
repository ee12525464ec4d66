import { useTranslation } from 'react-i18next'
import type { AuditVerification } from '../../../../src/audit/api.ts'
import { Badge } from '../../parts/badge.tsx'
import { formatInstant } from '../../parts/when.ts'
import classes from './audit-page.module.css'

const tones = { intact: 'good', broken: 'bad', unknown: 'plain' } as const

/** Whether the trail is as it was written, as the last check found it. */
export function VerificationNote({ verification }: { verification: AuditVerification }) {
  const { t, i18n } = useTranslation('admin')
  const { state, checkedAt, lastId, broken } = verification
  return (
    <div className={classes.verification} role={state === 'broken' ? 'alert' : undefined}>
      <Badge tone={tones[state]}>{t(`audit.verified.${state}`)}</Badge>
      {broken && <span>{t(`audit.broken.${broken.reason}`, { id: broken.id.toLocaleString(i18n.language) })}</span>}
      {checkedAt && <span>{t('audit.checkedAt', { at: formatInstant(checkedAt, i18n.language) })}</span>}
      {lastId !== undefined && lastId > 0 && state === 'intact' && (
        <span>{t('audit.checkedTo', { id: lastId.toLocaleString(i18n.language) })}</span>
      )}
    </div>
  )
}
