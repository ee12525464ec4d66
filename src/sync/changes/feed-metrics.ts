import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Metrics } from '#platform/metrics'

/** How following goes, by source. */
export type FeedMetrics = {
  /** `lag` is asked when the metrics are read. */
  watchLag(source: string, lag: () => number | undefined): void
  changed(source: string, outcome: 'placed' | 'unknown', count: number): void
  applied(source: string, records: number, seconds: number): void
  lost(source: string): void
  distrusted(source: string, entities: number): void
  failed(source: string): void
}

export function createFeedMetrics({ registry }: Metrics): FeedMetrics {
  const known = made.get(registry) ?? makeInstruments(registry)
  made.set(registry, known)
  return known
}

/** Sources of one process share the instruments. */
const made = new WeakMap<Registry, FeedMetrics>()

function makeInstruments(registry: Registry): FeedMetrics {
  const registers = [registry]
  const labelNames = ['source']
  const lags = new Map<string, () => number | undefined>()
  new Gauge({
    name: 'sync_lag_seconds',
    help: 'How far the copy lies behind the ERP, by the ERP’s clock',
    labelNames,
    registers,
    collect() {
      for (const [source, read] of lags) {
        const lag = read()
        // Another replica follows: it is for that one to say.
        if (lag === undefined) this.remove({ source })
        else this.set({ source }, lag)
      }
    },
  })
  const changes = new Counter({
    name: 'sync_changes_total',
    help: 'Changes of the ERP’s tables; unknown: of tables that the mapping does not name',
    labelNames: ['source', 'outcome'],
    registers,
  })
  const records = new Counter({
    name: 'sync_records_total',
    help: 'Records of the copy that changes were applied to',
    labelNames,
    registers,
  })
  const seconds = new Histogram({
    name: 'sync_apply_duration_seconds',
    help: 'From a batch of changes to its commit in the copy',
    labelNames,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers,
  })
  const losses = new Counter({
    name: 'sync_slot_lost_total',
    help: 'Times that changes were lost, so that a full sync was needed',
    labelNames,
    registers,
  })
  const distrusts = new Counter({
    name: 'sync_distrusted_total',
    help: 'Entities whose changes could not be followed',
    labelNames,
    registers,
  })
  const failures = new Counter({
    name: 'sync_failures_total',
    help: 'Times that following broke off and was begun again',
    labelNames,
    registers,
  })
  return {
    watchLag: (source, lag) => {
      lags.set(source, lag)
      for (const counter of [losses, distrusts, failures, records]) counter.inc({ source }, 0)
      seconds.zero({ source })
      for (const outcome of ['placed', 'unknown']) changes.inc({ source, outcome }, 0)
    },
    changed: (source, outcome, count) => changes.inc({ source, outcome }, count),
    applied: (source, count, took) => {
      records.inc({ source }, count)
      seconds.observe({ source }, took)
    },
    lost: (source) => losses.inc({ source }),
    distrusted: (source, count) => distrusts.inc({ source }, count),
    failed: (source) => failures.inc({ source }),
  }
}
