import papaparse from 'papaparse'
import { formulaStart } from '#platform/formula-cells'
import type { AuditEntryBody } from './api.ts'
import type { AuditSearch } from './search-entries.ts'

export type AuditFormat = 'csv' | 'jsonl'

const pageSize = 1_000
const columns = ['id', 'at', 'actorId', 'actorName', 'action', 'outcome', 'ip', 'traceId', 'details', 'personal']

/**
 * The entries of a search as text, a page at a time: one JSON object a line, or a CSV that Excel opens as UTF-8 and in which nothing
 * runs as a formula. Throws as the search does.
 */
export async function* exportEntries(search: AuditSearch, format: AuditFormat): AsyncGenerator<string> {
  if (format === 'csv') yield `\ufeff${columns.join(',')}\r\n`
  for (let after: Parameters<AuditSearch['readPage']>[0]; ; ) {
    const { entries, next } = await search.readPage(after, pageSize)
    if (entries.length > 0) yield format === 'csv' ? writeCsv(entries) : writeLines(entries)
    if (next === undefined) return
    after = next
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
