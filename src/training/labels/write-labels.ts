import papaparse from 'papaparse'
import { formulaStart } from '#platform/formula-cells'
import { redactPersonal } from '#platform/redact-personal'
import type { DataStore, LabelledSentence } from '../data/data-store.ts'
import type { ReviewStore } from '../review/review-store.ts'
import type { LabelFormat } from './api.ts'

type Deps = { data: Pick<DataStore, 'readLabels'>; reviews: Pick<ReviewStore, 'readReviewed'> }

const pageSize = 500
/** More reviews than a person makes. */
const mostReviews = 100_000

/**
 * Every labelled sentence, reviewed here or brought, each once and without what identifies a person by its look: as a CSV that Excel
 * opens as UTF-8 and in which nothing runs as a formula, or one JSON object a line. An import takes it as it is.
 */
export async function* writeLabels(deps: Deps, format: LabelFormat): AsyncGenerator<string> {
  if (format === 'csv') yield '\ufefftext,label,query\r\n'
  const rows = await listLabelled(deps)
  for (let from = 0; from < rows.length; from += pageSize) yield writePage(rows.slice(from, from + pageSize), format)
}

/** Labelled sentences as an export has them. */
export async function listLabelled({ data, reviews }: Deps): Promise<LabelledSentence[]> {
  const reviewed = await reviews.readReviewed(mostReviews)
  const all = [...reviewed.map(({ text, verdict }) => ({ text, ...verdict })), ...(await data.readLabels())]
  const masked = all.map((row) => ({ ...row, text: redactPersonal(row.text).trim() }))
  return [...new Map(masked.map((row) => [keyOf(row), row])).values()]
}

/** What makes two labelled sentences the same one. */
export const keyOf = ({ text, label, query }: LabelledSentence): string => JSON.stringify([text, label, query ?? null])

function writePage(rows: readonly LabelledSentence[], format: LabelFormat): string {
  if (format === 'jsonl') return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  const cells = rows.map(({ text, label, query }) => [text, label, query ? JSON.stringify(query) : ''])
  return `${papaparse.unparse(cells, { escapeFormulae: formulaStart })}\r\n`
}
