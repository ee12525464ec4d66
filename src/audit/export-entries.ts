import papaparse from 'papaparse'
import { formulaStart } from '#platform/formula-cells'
import type { AuditEntryBody, AuditFilters } from './api.ts'
import { type SearchDeps, searchEntries } from './search-entries.ts'

export type AuditFormat = 'csv' | 'jsonl'

const pageSize = 1_000
const columns = ['id', 'at', 'actorId', 'actorName', 'action', 'outcome', 'ip', 'traceId', 'details', 'personal']

/**
 * The entries that fit `filters` as text, a page at a time: one JSON object a line, or a CSV that Excel opens as UTF-8 and in which
 * nothing runs as a formula. Throws as `searchEntries` does.
 */
export async function* exportEntries(
  deps: SearchDeps,
  filters: AuditFilters,
  format: AuditFormat,
): AsyncGenerator<string> {
  if (format === 'csv') yield `\ufeff${columns.join(',')}\r\n`
  for (let after: string | undefined; ; ) {
    const page = await searchEntries(deps, filters, { after, limit: pageSize })
    if (page.entries.length > 0) yield format === 'csv' ? writeCsv(page.entries) : writeLines(page.entries)
    if (page.next === undefined) return
    after = page.next
  }
}

function writeLines(entries: AuditEntryBody[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
}

function writeCsv(entries: AuditEntryBody[]): string {
  const rows = entries.map(({ id, at, actor, action, outcome, ip, traceId, details, personal }) => [
    ...[id, at, actor?.id ?? '', actor?.name ?? '', action, outcome, ip ?? '', traceId],
    ...[JSON.stringify(details), personal ? JSON.stringify(personal) : ''],
  ])
  return `${papaparse.unparse(rows, { escapeFormulae: formulaStart })}\r\n`
}
