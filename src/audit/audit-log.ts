import type { Database } from '#platform/database'
import { AppError } from '#platform/errors'
import type { Logger } from '#platform/log'
import { currentTrace } from '#platform/trace'
import { type AuditEntry, cleanEntry } from './audit-entry.ts'
import { auditErrors } from './errors.ts'
import { type DatedEntry, recordEntries } from './record-entries.ts'

/** What somebody waits for goes before calls that have been answered: a flood of those must hold up nobody's answer. */
type Lane = 'act' | 'call'

/** Writes down who did what. Resolves when the entry is stored; rejects with AUDIT_UNAVAILABLE when it cannot be. */
export type AuditLog = { record(entry: AuditEntry, lane?: Lane): Promise<void> }

type Waiting = { entry: DatedEntry; resolve: () => void; reject: (error: unknown) => void }

const batchSize = 100
const queueLimit = 5_000
const anchorEvery = 1_000

/**
 * An audit log in the database. Entries that arrive while others are being written go together in the next transaction:
 * the chain allows one writer at a time, and a wait per entry would hold a connection each.
 */
export function createAuditLog(db: Database, log: Logger): AuditLog {
  const queues: Record<Lane, Waiting[]> = { act: [], call: [] }
  let isWriting = false
  const take = (most: number) => {
    const acts = queues.act.splice(0, most)
    return [...acts, ...queues.call.splice(0, most - acts.length)]
  }

  const write = async () => {
    if (isWriting) return
    isWriting = true
    for (let batch = take(batchSize); batch.length > 0; batch = take(batchSize)) {
      const cause = await writeBatch(db, log, batch)
      // What waits behind a failure would fail the same way, one deadline after the other.
      if (cause) rejectAll(take(2 * queueLimit), cause)
    }
    isWriting = false
  }
  return {
    record: (entry, lane = 'act') =>
      new Promise((resolve, reject) => {
        const queue = queues[lane]
        if (queue.length >= queueLimit) return reject(new AppError(auditErrors.unavailable))
        const dated = { ...cleanEntry(entry), at: new Date(), traceId: currentTrace().traceId }
        queue.push({ entry: dated, resolve, reject })
        void write()
      }),
  }
}

/** Settles every entry of the batch and returns why it failed, if it did. */
async function writeBatch(db: Database, log: Logger, batch: Waiting[]): Promise<unknown> {
  try {
    const entries = batch.map(({ entry }) => entry)
    const end = await recordEntries(db, entries)
    // The chain cannot show that its own end was cut off; the log, kept elsewhere, can.
    if (Math.floor(end.id / anchorEvery) > Math.floor((end.id - batch.length) / anchorEvery))
      log.info(
        { 'event.module': 'audit', 'event.sequence': end.id, 'event.hash': end.hash.toString('hex') },
        'The audit trail reached a length',
      )
    for (const { resolve } of batch) resolve()
  } catch (cause) {
    rejectAll(batch, cause)
    return cause
  }
}

function rejectAll(entries: Waiting[], cause: unknown): void {
  for (const { reject } of entries) reject(new AppError(auditErrors.unavailable, { cause }))
}
