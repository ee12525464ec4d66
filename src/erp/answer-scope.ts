import { AsyncLocalStorage } from 'node:async_hooks'
import { AppError } from '#platform/errors'
import type { RetryBudget } from './connectors/http/retry-budget.ts'
import { erpErrors } from './errors.ts'

/** What all fetches of one answer share, however many there are. */
type AnswerScope = { retries: RetryBudget | undefined; server: string | undefined }

/** Parts of an answer came from two servers, which may not hold the same. */
class ServersMixed extends Error {
  override readonly name = 'ServersMixed'
}

const running = new AsyncLocalStorage<AnswerScope>()

/**
 * Runs all of one answer. It is worked out anew when a server was lost half-way and another went on, so that rows of one
 * never stand beside totals of the other; when that happens again, ERP_CHANGING. Throws as `work` besides.
 */
export async function runInAnswer<T>(work: () => Promise<T>): Promise<T> {
  const first: AnswerScope = { retries: undefined, server: undefined }
  try {
    return await running.run(first, work)
  } catch (error) {
    if (!(error instanceof ServersMixed)) throw error
  }
  try {
    // What the first try used up of the retries stays used.
    return await running.run({ retries: first.retries, server: undefined }, work)
  } catch (error) {
    throw error instanceof ServersMixed ? new AppError(erpErrors.changing, { cause: error }) : error
  }
}

/** The retries that are left for the answer this code works on; outside of any, those that `open` makes. */
export function retriesOfAnswer(open: () => RetryBudget): RetryBudget {
  const scope = running.getStore()
  if (!scope) return open()
  scope.retries ??= open()
  return scope.retries
}

/** Says which server a part of the answer came from. Throws what makes `runInAnswer` begin again when it is another one. */
export function noteServer(name: string): void {
  const scope = running.getStore()
  if (!scope) return
  scope.server ??= name
  if (scope.server !== name) throw new ServersMixed(`${scope.server}, then ${name}`)
}
