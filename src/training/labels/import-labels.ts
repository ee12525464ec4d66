import { AppError } from '#platform/errors'
import type { LabelledSentence } from '../data/data-store.ts'
import { trainingErrors } from '../errors.ts'
import type { WriteAlso } from '../jobs/job-store.ts'
import type { RouteDeps } from '../route-deps.ts'
import type { Imported, LabelFormat } from './api.ts'
import { decodeFile, mostRows, readLabels } from './read-labels.ts'
import { keyOf, listLabelled } from './write-labels.ts'

/** Lines named in an answer; the count is of all. */
const mostNamed = 100

type File = { content: Buffer; format: LabelFormat; by: string }

/**
 * Takes a file of labelled sentences, all of it or nothing; what is there already is not added again. `also` is told what was added,
 * and writes in the same transaction. Throws TRAINING_IMPORT_UNREADABLE, TRAINING_IMPORT_TOO_BIG, and TRAINING_IMPORT_FAULTY with the
 * lines: `{field: 'line 3', issue: 'LABEL_UNKNOWN'}`.
 */
export async function importLabels(
  deps: Pick<RouteDeps, 'data' | 'reviews' | 'catalog' | 'readLabels'>,
  { content, format, by }: File,
  also: (imported: Imported) => WriteAlso,
): Promise<Imported> {
  const text = decodeFile(content)
  if (text === undefined) throw new AppError(trainingErrors.importUnreadable)
  const { rows, problems, isTooLong } = readLabels(text, format, { catalog: deps.catalog, labels: deps.readLabels() })
  if (isTooLong) throw new AppError(trainingErrors.importTooBig, { params: { rows: mostRows.toLocaleString('en-US') } })
  if (problems.length > 0)
    throw new AppError(trainingErrors.importFaulty, {
      params: { count: problems.length },
      details: problems.slice(0, mostNamed).map(({ line, code }) => ({ field: `line ${line}`, issue: code })),
    })
  const known = new Set((await listLabelled(deps)).map(keyOf))
  const fresh = new Map<string, LabelledSentence>()
  for (const row of rows) if (!known.has(keyOf(row))) fresh.set(keyOf(row), row)
  const imported = { rows: rows.length, added: fresh.size, known: rows.length - fresh.size }
  await deps.data.addLabels([...fresh.values()], by, also(imported))
  return imported
}
