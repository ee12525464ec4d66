import { type OpenEntry, readEntriesAfter, readLastEntryId } from '#audit'
import type { Database } from '#platform/database'
import type { Metrics } from '#platform/metrics'
import { describeEntry } from './audit/describe-entry.ts'
import type { Logs } from './open-logs.ts'
import { type ShippedTable, startShipping } from './ship-stream.ts'
import { summaryTable } from './summary/describe-summary.ts'
import { keepSummaries } from './summary/keep-summaries.ts'

type Deps = { database: Database; logs: Pick<Logs, 'keepers' | 'namespace' | 'system'>; metrics: Metrics }

/** What the worker does for logs: summaries of each hour, and every audit entry and summary to where logs are kept. */
export function startKeepingLogs({ database, logs, metrics }: Deps): AsyncDisposable {
  const { keepers: outputs, namespace, system: log } = logs
  const summaries = keepSummaries({ database, log })
  const tables = [auditTable(database, namespace), summaryTable(database, namespace)]
  const shipping = outputs.length > 0 ? startShipping({ database, tables, outputs, log, metrics }) : undefined
  return {
    async [Symbol.asyncDispose]() {
      await summaries[Symbol.asyncDispose]()
      await shipping?.[Symbol.asyncDispose]()
    },
  }
}

/** The audit trail as a table to ship. */
export function auditTable(database: Database, namespace: string): ShippedTable {
  const describe = (entry: OpenEntry) => ({ number: entry.id, document: describeEntry(entry, namespace) })
  return {
    stream: 'audit',
    readAfter: async (position, limit) => (await readEntriesAfter(database, position, limit)).map(describe),
    readLast: () => readLastEntryId(database),
  }
}
