import type { Database } from '#platform/database'
import type { Logger } from '#platform/log'
import { newTrace, runInTrace } from '#platform/trace'
import { removeOldSummaries, writeSummaries } from './write-summaries.ts'

const lookEveryMs = 60_000

/** Keeps the hourly summaries, from now on. */
export function keepSummaries({ database, log }: { database: Database; log: Logger }): AsyncDisposable {
  let running: Promise<unknown> = Promise.resolve()
  const look = () => {
    running = runInTrace(newTrace(), async () => {
      const hours = await writeSummaries(database, new Date())
      if (hours > 0) await removeOldSummaries(database, new Date())
    }).catch((error: unknown) => log.error({ err: error }, 'An hour could not be summarized'))
  }
  const timer = setInterval(look, lookEveryMs)
  look()
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await running
    },
  }
}
