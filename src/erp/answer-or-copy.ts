import { AppError } from '#platform/errors'
import type { Logger } from '#platform/log'
import { erpErrors } from './errors.ts'
import { reasonOf } from './failure-reason.ts'
import type { AnswerQuery, AnswerSource, CopyReason } from './query-answer.ts'

type Deps = {
  live: AnswerQuery
  copy: AnswerQuery | undefined
  log: Logger
  /** Told where each answer came from; `none`: there was none. */
  count: (source: AnswerSource | 'none') => void
}

/**
 * Failures that the copy makes up for. A refusal is not among them: access may have been withdrawn on purpose. Neither is a query
 * that nobody could answer.
 */
const reasons: ReadonlyMap<string, CopyReason> = new Map([
  [erpErrors.timeout.code, 'slow'],
  [erpErrors.unavailable.code, 'unreachable'],
  [erpErrors.rateLimited.code, 'limited'],
  [erpErrors.badReply.code, 'unclear'],
  [erpErrors.changing.code, 'changing'],
  [erpErrors.tooBig.code, 'tooMuch'],
])

/**
 * Binds the use case: the ERP answers, else the copy, from which the whole answer comes then and which says why. The same
 * permitted query goes to both. Throws what the ERP's own answer threw when the copy has none either.
 */
export function answerOrCopy({ live, copy, log, count }: Deps): AnswerQuery {
  return async (permitted, signal) => {
    try {
      const answer = await live(permitted, signal)
      count(answer.source)
      return answer
    } catch (error) {
      const failure = readFailure(error)
      if (!copy || !failure.copyReason || signal.aborted) {
        if (failure.isErps) {
          log.warn(failure.facts, 'The ERP gave no answer')
          count('none')
        }
        throw error
      }
      const answer = await copy(permitted, signal).catch((second: unknown) => {
        log.warn({ ...failure.facts, 'copy.reason': reasonOf(second) }, 'Neither the ERP nor the copy gave an answer')
        count('none')
        throw error
      })
      log.warn({ ...failure.facts, 'copy.as_of': answer.asOf }, 'The copy answered, because the ERP did not')
      count(answer.source)
      return { ...answer, copyReason: failure.copyReason }
    }
  }
}

/** What went wrong, in a log's words; `isErps`: the ERP failed, rather than the query asking what nobody could answer. */
function readFailure(error: unknown): { copyReason: CopyReason | undefined; isErps: boolean; facts: object } {
  const spec = error instanceof AppError ? error.spec : undefined
  const copyReason = spec && reasons.get(spec.code)
  const isErps = spec !== undefined && (copyReason !== undefined || spec.kind !== 'invalid')
  return { copyReason, isErps, facts: { 'error.code': spec?.code, 'erp.reason': reasonOf(error) } }
}
