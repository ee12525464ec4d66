import { type Kysely, sql } from 'kysely'
import type { Logger } from '../log.ts'

const everyMs = 60 * 60_000
const keptDays = 30

/** Forgets ids of consumed messages a month later, when none can be delivered again any more; hourly. */
export function startCleaning(kysely: Kysely<unknown>, log: Logger): { close(): Promise<void> } {
  let running = Promise.resolve()
  const clean = async () => {
    try {
      await sql`delete from queue_consumed where consumed_at < now() - make_interval(days => ${keptDays})`.execute(
        kysely,
      )
    } catch (error) {
      log.warn({ err: error }, 'Ids of consumed messages could not be cleared away')
    }
  }
  const timer = setInterval(() => {
    running = clean()
  }, everyMs)
  timer.unref()
  return {
    async close() {
      clearInterval(timer)
      await running
    },
  }
}
