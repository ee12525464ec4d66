import type { PermittedQuery } from '#catalog'
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
