import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from '#platform/database'
import type { Logger } from '#platform/log'
import type { AuditTables } from './audit-table.ts'
import type { ChainEnd } from './record-entries.ts'

/** Tells the log how long the chain is: it cannot show itself that its end was cut off; the log, kept elsewhere, can. */
export type Anchors = {
  /** `count` entries up to `end` have been committed. */
  reached(end: ChainEnd, count: number): void
  /** An entry was written in somebody else's transaction: told once it is kept, and never when it is rolled back. */
  expected(end: ChainEnd): void
}

const every = 1_000
/** Together longer than a statement and an idle transaction may last. */
const looksAfterMs = [20, 200, 1_000, 5_000, 20_000]

export function createAnchors(database: Database, log: Logger): Anchors {
  const tell = ({ id, hash }: ChainEnd) =>
    log.info(
      { 'event.module': 'audit', 'event.sequence': id, 'event.hash': hash.toString('hex') },
      'The audit trail reached a length',
    )
  const crosses = (id: number, count: number) => Math.floor(id / every) > Math.floor((id - count) / every)
  const tellOnceKept = async (end: ChainEnd) => {
    for (const afterMs of looksAfterMs) {
      await wait(afterMs, undefined, { ref: false })
      // One that cannot be asked now may be the next time.
      const kept = await readHash(database, end.id).catch(() => undefined)
      if (kept) return kept.equals(end.hash) ? tell(end) : undefined
    }
  }
  return {
    reached: (end, count) => {
      if (crosses(end.id, count)) tell(end)
    },
    expected: (end) => {
      if (crosses(end.id, 1)) void tellOnceKept(end)
    },
  }
}

async function readHash({ kysely }: Database, id: number): Promise<Buffer | undefined> {
  const row = await kysely
    .withTables<AuditTables>()
    .selectFrom('audit_log')
    .select('hash')
    .where('id', '=', String(id))
    .executeTakeFirst()
  return row?.hash
}
