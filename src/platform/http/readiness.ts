import type { Logger } from '../log.ts'

/** What must work before this process may be sent traffic; each rejects when its part does not. */
export type ReadinessChecks = Record<string, () => Promise<void>>

const deadlineMs = 1_000

/** Runs all checks at once, a second each, and tells those that failed. One that hangs is not started again while it does. */
export function createReadinessCheck(readiness: ReadinessChecks, log: Logger) {
  const running = new Map<string, Promise<void>>()
  const start = (name: string, check: () => Promise<void>) => {
    const known = running.get(name)
    if (known) return known
    const started = check().finally(() => running.delete(name))
    running.set(name, started)
    return started
  }
  return async (): Promise<{ field: string; issue: string }[]> => {
    const results = await Promise.all(
      Object.entries(readiness).map(async ([field, check]) => {
        try {
          const issue = await Promise.race([start(field, check), expire(deadlineMs)])
          return issue ? [{ field, issue }] : []
        } catch (error) {
          log.warn({ err: error, 'event.reason': field }, 'A readiness check failed')
          return [{ field, issue: 'failed' }]
        }
      }),
    )
    return results.flat()
  }
}

function expire(afterMs: number): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve('no answer'), afterMs).unref())
}
