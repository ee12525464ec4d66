import { useTranslation } from 'react-i18next'
import type { AuditEntryBody } from '../../../../src/audit/api.ts'
import { Badge } from '../../parts/badge.tsx'
import { Table } from '../../parts/table.tsx'
import { TraceCode } from '../../parts/trace-code.tsx'
import { formatSecond } from '../../parts/when.ts'
import classes from './audit-page.module.css'

const tones = { ok: 'good', refused: 'notice', failed: 'bad' } as const

/** Entries of the trail; what is known beyond the line opens under it. */
export function AuditTable({ entries }: { entries: AuditEntryBody[] }) {
  const { t, i18n } = useTranslation('admin')
  return (
    <Table
      label={t('pages.audit')}
      rows={entries}
      keyOf={({ id }) => String(id)}
      columns={[
        { key: 'at', title: t('audit.at'), cell: ({ at }) => formatSecond(at, i18n.language) },
        {
          key: 'who',
          title: t('audit.who'),
          cell: ({ actor }) => (actor ? (actor.name ?? t('audit.unknownPerson')) : t('audit.nobody')),
        },
        {
          key: 'action',
          title: t('audit.what'),
          cell: ({ action }) => <code className={classes.action}>{action}</code>,
        },
        {
          key: 'outcome',
          title: t('audit.outcome'),
          cell: ({ outcome }) => <Badge tone={tones[outcome]}>{t(`audit.outcomes.${outcome}`)}</Badge>,
        },
        { key: 'details', title: t('audit.details'), cell: (entry) => <Details entry={entry} /> },
      ]}
    />
  )
}

function Details({ entry: { id, ip, traceId, details, personal } }: { entry: AuditEntryBody }) {
  const { t } = useTranslation('admin')
  const facts = Object.entries({ ...details, ...personal })
  return (
    <details className={classes.details}>
      <summary>{t('audit.show')}</summary>
      <dl className={classes.facts}>
        <div>
          <dt>{t('audit.number')}</dt>
          <dd>{id}</dd>
        </div>
        {ip && (
          <div>
            <dt>{t('audit.from')}</dt>
            <dd>{ip}</dd>
          </div>
        )}
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
      <TraceCode id={traceId} />
    </details>
  )
}
