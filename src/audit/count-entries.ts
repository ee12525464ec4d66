import { Counter } from 'prom-client'
import type { Metrics } from '#platform/metrics'
import type { AuditLog } from './audit-log.ts'

/** The same log, whose entries are counted by whether they could be written. One in a transaction counts as written before its commit. */
export function countEntries({ record, recordWith }: AuditLog, { registry }: Metrics): AuditLog {
  const entries = new Counter({
    name: 'audit_entries_total',
    help: 'Entries for the audit trail, by whether they could be written: ok, failed',
    labelNames: ['outcome'],
    registers: [registry],
  })
  const ok = entries.labels({ outcome: 'ok' })
  const failed = entries.labels({ outcome: 'failed' })
  ok.inc(0)
  failed.inc(0)
  const count = async (writing: Promise<void>) => {
    try {
      await writing
      ok.inc()
    } catch (error) {
      failed.inc()
      throw error
    }
  }
  return {
    record: (entry, lane) => count(record(entry, lane)),
    recordWith: (transaction, entry) => count(recordWith(transaction, entry)),
  }
}
