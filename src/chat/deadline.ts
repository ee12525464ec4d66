import { AppError } from '#platform/errors'
import { chatErrors } from './errors.ts'

/** Time for a whole question, and for a file. */
export const questionMs = 15_000
export const exportMs = 25_000

/** A deadline on top of the caller's own signal; `wait` ends with it even when the work does not look at the signal. */
export type Deadline = { signal: AbortSignal; wait<T>(work: Promise<T>): Promise<T> }

/** Throws ANSWER_TIMEOUT when time is up and ANSWER_INTERRUPTED when the caller went away. */
export function openDeadline(caller: AbortSignal, ms: number): Deadline {
  const timeout = AbortSignal.timeout(ms)
  const signal = AbortSignal.any([caller, timeout])
  const reason = () => new AppError(timeout.aborted ? chatErrors.answerTimeout : chatErrors.answerInterrupted)
  return {
    signal,
    async wait(work) {
      const ended = Promise.withResolvers<never>()
      const end = () => ended.reject(reason())
      signal.addEventListener('abort', end, { once: true })
      if (signal.aborted) end()
      try {
        return await Promise.race([work, ended.promise])
      } catch (error) {
        // What the work says of being cancelled is less than what we know.
        throw signal.aborted ? reason() : error
      } finally {
        signal.removeEventListener('abort', end)
        ended.promise.catch(() => undefined)
        work.catch(() => undefined)
      }
    },
  }
}
