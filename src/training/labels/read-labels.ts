import papaparse from 'papaparse'
import { businessQuerySchema, type Catalog } from '#catalog'
import { formulaStart } from '#platform/formula-cells'
import type { LabelledSentence } from '../data/data-store.ts'
import { longestText } from '../review/api.ts'
import { findUnknownName, labelOfQuery } from '../review/label-of-query.ts'
import { type LabelFormat, lineSchema } from './api.ts'

/** What keeps a line of a file from being taken. `HEADER_MISSING` is about the first one. */
type ProblemCode =
  | 'HEADER_MISSING'
  | 'LINE_UNREADABLE'
  | 'TEXT_MISSING'
  | 'TEXT_TOO_LONG'
  | 'LABEL_UNKNOWN'
  | 'QUERY_INVALID'
  | 'LABEL_CONFLICT'
type LineProblem = { line: number; code: ProblemCode }

export type FileRead = { rows: LabelledSentence[]; problems: LineProblem[]; isTooLong: boolean }

type Deps = { catalog: Catalog; labels: readonly string[] }
/** A row as it stands in the file; `null` where it cannot be read at all. */
type RawRow = { line: number; cells: { text: string; label: string; query: unknown } | null }

export const mostRows = 20_000

/**
 * The letters of a file: UTF-8 with or without a mark, or as Korean Excel saves a plain CSV (code page 949). Undefined when neither.
 */
export function decodeFile(content: Buffer): string | undefined {
  for (const encoding of ['utf-8', 'euc-kr'])
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(content)
    } catch {
      // The next one.
    }
  return undefined
}

/** Reads labelled sentences of a file, with every line that cannot be taken and why. Lines count from 1, blank ones too. */
export function readLabels(text: string, format: LabelFormat, { catalog, labels }: Deps): FileRead {
  const read: FileRead = { rows: [], problems: [], isTooLong: false }
  const labelOf = new Map<string, string>()
  for (const { line, cells } of format === 'csv' ? readCsv(text, read.problems) : readJsonl(text)) {
    if (read.rows.length + read.problems.length >= mostRows) return { ...read, isTooLong: true }
    const row = cells ? settleRow(cells, { catalog, labels }) : 'LINE_UNREADABLE'
    if (typeof row === 'string') read.problems.push({ line, code: row })
    else if ((labelOf.get(row.text) ?? row.label) !== row.label) read.problems.push({ line, code: 'LABEL_CONFLICT' })
    else {
      labelOf.set(row.text, row.label)
      read.rows.push(row)
    }
  }
  return read
}

function settleRow(cells: NonNullable<RawRow['cells']>, { catalog, labels }: Deps): LabelledSentence | ProblemCode {
  const text = cells.text.trim()
  if (text === '') return 'TEXT_MISSING'
  if (text.length > longestText) return 'TEXT_TOO_LONG'
  const label = cells.label.trim()
  if (cells.query === undefined) return labels.includes(label) ? { text, label } : 'LABEL_UNKNOWN'
  const { data: query } = businessQuerySchema.safeParse(cells.query)
  if (!query || findUnknownName(query, catalog) !== undefined) return 'QUERY_INVALID'
  if (label !== '' && !labels.includes(label)) return 'LABEL_UNKNOWN'
  return { text, label: label === '' ? labelOfQuery(query, labels) : label, query }
}

function* readJsonl(text: string): Generator<RawRow> {
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const { data } = lineSchema.safeParse(parseJson(line))
    yield {
      line: i + 1,
      cells: data ? { text: data.text, label: data.label ?? '', query: data.query ?? undefined } : null,
    }
  }
}

/** By its header: columns in any order, others left alone. A query is a cell of JSON. */
function* readCsv(text: string, problems: LineProblem[]): Generator<RawRow> {
  const rows = splitCsv(text)
  const header = rows[0]?.cells.map((cell) => cell.trim().toLowerCase()) ?? []
  const at = { text: header.indexOf('text'), label: header.indexOf('label'), query: header.indexOf('query') }
  if (at.text < 0 || (at.label < 0 && at.query < 0)) {
    problems.push({ line: 1, code: 'HEADER_MISSING' })
    return
  }
  for (const { line, cells, isBroken } of rows.slice(1)) {
    if (cells.every((cell) => cell.trim() === '')) continue
    const cell = (index: number) => bare(cells[index] ?? '')
    const json = cell(at.query).trim()
    const query = json === '' ? undefined : (parseJson(json) ?? null)
    yield { line, cells: isBroken ? null : { text: cell(at.text), label: cell(at.label), query } }
  }
}

function splitCsv(text: string): { line: number; cells: string[]; isBroken: boolean }[] {
  const rows: { line: number; cells: string[]; isBroken: boolean }[] = []
  let line = 1
  let from = 0
  papaparse.parse<string[]>(text, {
    step: ({ data, errors, meta }) => {
      // A file of one column has no delimiter to be found; that is no fault of its rows.
      rows.push({ line, cells: data, isBroken: errors.some(({ type }) => type === 'Quotes') })
      for (; from < meta.cursor; from += 1) if (text[from] === '\n') line += 1
    },
  })
  return rows
}

/** A cell without the apostrophe that keeps a spreadsheet from running it. */
const bare = (cell: string): string => (cell.startsWith("'") && formulaStart.test(cell.slice(1)) ? cell.slice(1) : cell)

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
