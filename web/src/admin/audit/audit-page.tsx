import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AuditPage as Entries } from '../../../../src/audit/api.ts'
import type { ApiError } from '../../api/client.ts'
import { Empty } from '../../parts/empty.tsx'
import { Select, TextField } from '../../parts/field.tsx'
import { MoreButton } from '../../parts/more-button.tsx'
import { Problem } from '../../parts/problem.tsx'
import { Reading } from '../../parts/reading.tsx'
import { Page } from '../../parts/section.tsx'
import { asApiError, useLoaded } from '../../parts/use-loaded.ts'
import type { AuditExportFormat, SystemRequests } from '../system-requests.ts'
import { type FilledFilters, isTraceId, noFilters, toFilters } from './audit-filters.ts'
import classes from './audit-page.module.css'
import { AuditTable } from './audit-table.tsx'
import { VerificationNote } from './verification-note.tsx'

const typingMs = 300
const formats: AuditExportFormat[] = ['csv', 'jsonl']

/** Who did what, newest first: searched, taken out as a file, and whether it is as it was written. */
export function AuditPage({ requests }: { requests: SystemRequests }) {
  const { t } = useTranslation('admin')
  const [filled, setFilled] = useState(noFilters)
  const [settled] = useDebouncedValue(filled, typingMs)
  const asked = toFilters(settled)
  const entries = useLoaded(() => requests.searchAudit(asked), JSON.stringify(asked))
  const verification = useLoaded(requests.readVerification, 'verification')
  return (
    <Page
      title={t('pages.audit')}
      lead={t('audit.lead')}
      actions={<ExportButtons save={(format) => requests.exportAudit(toFilters(filled), format)} />}
    >
      <Reading of={verification} rows={1}>
        {(value) => <VerificationNote verification={value} />}
      </Reading>
      <Filters filled={filled} onFill={(change) => setFilled({ ...filled, ...change })} />
      <Reading of={entries} rows={8}>
        {(page) => (
          <EntryList
            page={page}
            more={async (after) => {
              const next = await requests.searchAudit(asked, after)
              entries.show({ ...next, entries: [...page.entries, ...next.entries] })
            }}
          />
        )}
      </Reading>
    </Page>
  )
}

function EntryList({ page: { entries, next }, more }: { page: Entries; more: (after: string) => Promise<void> }) {
  const { t } = useTranslation('admin')
  return (
    <div className={classes.list}>
      {entries.length === 0 ? <Empty>{t('audit.empty')}</Empty> : <AuditTable entries={entries} />}
      {next && <MoreButton load={() => more(next)} />}
    </div>
  )
}

type FiltersProps = { filled: FilledFilters; onFill: (change: Partial<FilledFilters>) => void }

function Filters({ filled, onFill }: FiltersProps) {
  const { t } = useTranslation('admin')
  const trace = filled.traceId.trim().toLowerCase()
  return (
    <search className={classes.filters}>
      <TextField
        label={t('audit.person')}
        type="search"
        value={filled.person}
        maxLength={200}
        onChange={({ target }) => onFill({ person: target.value })}
      />
      <TextField
        label={t('audit.action')}
        placeholder="chat. · GET /api/v1"
        value={filled.action}
        maxLength={200}
        onChange={({ target }) => onFill({ action: target.value })}
      />
      <Select
        label={t('audit.outcome')}
        value={filled.outcome}
        choices={(['', 'ok', 'refused', 'failed'] as const).map((outcome) => ({
          value: outcome,
          label: t(outcome === '' ? 'people.all' : `audit.outcomes.${outcome}`),
        }))}
        onChoose={(outcome) => onFill({ outcome })}
      />
      <TextField
        label={t('audit.firstDay')}
        type="date"
        value={filled.firstDay}
        max={filled.lastDay}
        onChange={({ target }) => onFill({ firstDay: target.value })}
      />
      <TextField
        label={t('audit.lastDay')}
        type="date"
        value={filled.lastDay}
        min={filled.firstDay}
        onChange={({ target }) => onFill({ lastDay: target.value })}
      />
      <TextField
        label={t('audit.trace')}
        error={trace !== '' && !isTraceId(trace) ? t('audit.traceWrong') : null}
        value={filled.traceId}
        maxLength={64}
        spellCheck={false}
        onChange={({ target }) => onFill({ traceId: target.value })}
      />
    </search>
  )
}

function ExportButtons({ save }: { save: (format: AuditExportFormat) => Promise<void> }) {
  const { t } = useTranslation('admin')
  const { t: word } = useTranslation()
  const [busy, setBusy] = useState<AuditExportFormat | null>(null)
  const [problem, setProblem] = useState<ApiError | null>(null)
  async function take(format: AuditExportFormat): Promise<void> {
    setBusy(format)
    setProblem(null)
    await save(format).catch((error: unknown) => setProblem(asApiError(error)))
    setBusy(null)
  }
  return (
    <div className={classes.exports}>
      {formats.map((format) => (
        <button
          key={format}
          type="button"
          className="plain-button"
          disabled={busy !== null}
          onClick={() => void take(format)}
        >
          {busy === format ? word('working') : t(`audit.export.${format}`)}
        </button>
      ))}
      {problem && <Problem error={problem} />}
    </div>
  )
}
