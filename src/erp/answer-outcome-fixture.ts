import type { BusinessQuery, PermittedQuery } from '#catalog'
import { AppError } from '#platform/errors'
import type { Erp } from './create-erp.ts'
import type { QueryAnswer } from './query-answer.ts'

/** What an answer says, whatever gave it: all but source, age and timing; or the code of why there is none. */
export type Outcome = Pick<QueryAnswer, 'columns' | 'rows' | 'totals' | 'previous' | 'completeness'> | { error: string }

const { signal } = new AbortController()

/** Asks and takes from the answer what has to be the same wherever it comes from. Throws what is no AppError. */
export async function outcomeOf(erp: Pick<Erp, 'answerQuery'>, permitted: PermittedQuery): Promise<Outcome> {
  try {
    const { columns, rows, totals, previous, completeness } = await erp.answerQuery(permitted, signal)
    return { columns, rows, totals, completeness, ...(previous ? { previous } : {}) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { error: error.spec.code }
  }
}

/**
 * What of an outcome is the same in ERPs of several vendors. Records that are equal in their order come as each ERP has them, and
 * where they are cut any of them may be the last.
 */
export function comparable(outcome: Outcome, { measures, groupBy = [], orderBy = [] }: BusinessQuery): Outcome {
  if ('error' in outcome || measures.length > 0 || groupBy.length > 0) return outcome
  if (outcome.completeness.kind === 'first') {
    const rows = outcome.rows.map((row) => Object.fromEntries(orderBy.map(([field]) => [field, row[field] ?? null])))
    return { ...outcome, rows }
  }
  const id = (row: object) => JSON.stringify(row)
  return { ...outcome, rows: outcome.rows.toSorted((a, b) => (id(a) < id(b) ? -1 : 1)) }
}
