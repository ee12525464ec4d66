import { useTranslation } from 'react-i18next'
import type { SyncStatus } from '../../../../src/sync/api.ts'
import { currentLanguage } from '../../i18n/i18n.ts'
import { Badge } from '../../parts/badge.tsx'
import { Table } from '../../parts/table.tsx'
import { formatInstant } from '../../parts/when.ts'
import classes from './overview.module.css'

const sourceStates = ['following', 'standby', 'idle', 'unknown'] as const

/** What our copy of the ERP holds, by entity. */
export function CopyTable({ entities }: { entities: SyncStatus['entities'] }) {
  const { t } = useTranslation('admin')
  const language = currentLanguage()
  if (entities.length === 0) return <p className={classes.quiet}>{t('overview.noEntities')}</p>
  return (
    <Table
      label={t('overview.copy')}
      rows={entities}
      keyOf={({ entity }) => entity}
      columns={[
        { key: 'entity', title: t('overview.entity'), cell: ({ label }) => label[language] },
        {
          key: 'status',
          title: t('overview.status'),
          cell: ({ isFilled, distrusted }) => {
            if (distrusted) return <Badge tone="notice">{t('overview.distrusted')}</Badge>
            return isFilled ? <Badge tone="good">{t('overview.filled')}</Badge> : <Badge>{t('overview.empty')}</Badge>
          },
        },
        {
          key: 'asOf',
          title: t('overview.asOf'),
          cell: ({ asOf }) => (asOf ? formatInstant(asOf, language) : t('overview.never')),
        },
        {
          key: 'records',
          title: t('overview.records'),
          numeric: true,
          cell: ({ records }) => records.toLocaleString(language),
        },
      ]}
    />
  )
}

/** Where the ERP's changes come from, and how far behind we are. */
export function ChangesTable({ sources }: { sources: SyncStatus['sources'] }) {
  const { t } = useTranslation('admin')
  if (sources.length === 0) return <p className={classes.quiet}>{t('overview.noSources')}</p>
  return (
    <Table
      label={t('overview.changes')}
      rows={sources}
      keyOf={({ source }) => source}
      columns={[
        { key: 'source', title: t('overview.source'), cell: ({ source }) => source },
        {
          key: 'state',
          title: t('overview.status'),
          cell: ({ state, problems }) => {
            const known = sourceStates.find((name) => name === state) ?? 'unknown'
            return (
              <span className={classes.states}>
                <Badge tone={known === 'unknown' ? 'notice' : 'good'}>{t(`overview.sourceState.${known}`)}</Badge>
                {problems.map((problem) => (
                  <span key={problem}>{problem}</span>
                ))}
              </span>
            )
          },
        },
        {
          key: 'lag',
          title: t('overview.lag'),
          numeric: true,
          cell: ({ lagSeconds }) =>
            lagSeconds === undefined ? '–' : t('overview.seconds', { count: Math.round(lagSeconds * 10) / 10 }),
        },
      ]}
    />
  )
}
