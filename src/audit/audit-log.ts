import type { Kysely, Transaction } from 'kysely'
import type { Database } from '#platform/database'
import type { FieldCipher } from '#platform/encryption'
import { AppError } from '#platform/errors'
import type { Logger } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import { currentTrace } from '#platform/trace'
import { type AuditEntry, cleanEntry } from './audit-entry.ts'
import type { AuditTables } from './audit-table.ts'
import { countEntries } from './count-entries.ts'
import { auditErrors } from './errors.ts'
import { recordEntries, type SealedEntry } from './record-entries.ts'
import { createAuditSeal } from './seal-entry.ts'
import { type Anchors, createAnchors } from './tell-anchors.ts'

/** What somebody waits for goes before calls that have been answered: a flood of those must hold up nobody's answer. */
type Lane = 'act' | 'call'

/**
 * Writes down who did what. Await it before the act takes effect, so that what cannot be written down is not done: both reject with
 * AUDIT_UNAVAILABLE when the entry cannot be stored.
 */
export type AuditLog = {
  record(entry: AuditEntry, lane?: Lane): Promise<void>
  /**
   * Writes the entry inside the transaction that makes the change, so that there is neither without the other. Make it the
   * transaction's last statement: the chain has one writer at a time, and the others wait for the commit.
   */
  recordWith<T>(transaction: Transaction<T>, entry: AuditEntry): Promise<void>
}

type Waiting = { entry: SealedEntry; resolve: () => void; reject: (error: unknown) => void }

const batchSize = 100
const queueLimit = 5_000

/**
 * An audit log in the database. Entries that arrive while others are being written go together in the next transaction:
 * the chain allows one writer at a time, and a wait per entry would hold a connection each.
 */
export function createAuditLog(db: Database, log: Logger, cipher: FieldCipher, metrics?: Metrics): AuditLog {
  const seal = createAuditSeal(db, cipher)
  const anchors = createAnchors(db, log)
  const sealEntry = async (entry: AuditEntry): Promise<SealedEntry> => {
    const { personal, ...open } = cleanEntry(entry)
    const at = new Date()
    const dated = { ...open, ip: null, at, traceId: currentTrace().traceId }
    return { ...dated, sealed: await seal.seal({ ip: open.ip, ...(personal && { personal }) }, at) }
  }
  const queues: Record<Lane, Waiting[]> = { act: [], call: [] }
  const sealing: Record<Lane, number> = { act: 0, call: 0 }
  let isWriting = false
  const take = (most: number) => {
    const acts = queues.act.splice(0, most)
    return [...acts, ...queues.call.splice(0, most - acts.length)]
  }

  const write = async () => {
    if (isWriting) return
    isWriting = true
    for (let batch = take(batchSize); batch.length > 0; batch = take(batchSize)) {
      const cause = await writeBatch(db, anchors, batch)
      // What waits behind a failure would fail the same way, one deadline after the other.
      if (cause) rejectAll(take(2 * queueLimit), cause)
    }
    isWriting = false
  }
  const enqueue = (entry: SealedEntry, lane: Lane) =>
    new Promise<void>((resolve, reject) => {
      queues[lane].push({ entry, resolve, reject })
      void write()
    })
  const auditLog: AuditLog = {
    record: async (entry, lane = 'act') => {
      if (queues[lane].length + sealing[lane] >= queueLimit) throw new AppError(auditErrors.unavailable)
      sealing[lane] += 1
      const sealed = await refuseFailure(sealEntry(entry)).finally(() => {
        sealing[lane] -= 1
      })
      await enqueue(sealed, lane)
    },
    recordWith: async (transaction, entry) => {
      const sealed = await refuseFailure(sealEntry(entry))
      const trail = transaction as unknown as Kysely<AuditTables>
      anchors.expected(await refuseFailure(recordEntries(trail, [sealed])))
    },
  }
  return metrics ? countEntries(auditLog, metrics) : auditLog
}

/** Settles every entry of the batch and returns why it failed, if it did. */
async function writeBatch(db: Database, anchors: Anchors, batch: Waiting[]): Promise<unknown> {
  try {
    const entries = batch.map(({ entry }) => entry)
    const trail = db.kysely.withTables<AuditTables>()
    const end = await trail.transaction().execute((transaction) => recordEntries(transaction, entries))
    anchors.reached(end, batch.length)
    for (const { resolve } of batch) resolve()
  } catch (cause) {
    rejectAll(batch, cause)
    return cause
  }
}

function rejectAll(entries: Waiting[], cause: unknown): void {
  for (const { reject } of entries) reject(new AppError(auditErrors.unavailable, { cause }))
}

async function refuseFailure<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    throw new AppError(auditErrors.unavailable, { cause })
  }
}
