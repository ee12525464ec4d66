import { Counter, Gauge, Histogram } from 'prom-client'
import type { Metrics } from '#platform/metrics'
import { createModelMetrics } from './model-metrics.ts'

/** Why a text that came is not answered, or not read. */
const dropReasons = ['superseded', 'outdated', 'withdrawn', 'expired', 'refused'] as const
export type DropReason = (typeof dropReasons)[number]

/** What the understanding server shows of itself. `load` is asked when somebody looks. */
export function createServerMetrics(
  { registry }: Metrics,
  load: () => { streams: number; waiting: number; reading: number; isServing: boolean },
) {
  const registers = [registry]
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  gauge('nlu_streams', 'Clients connected to the understanding server', () => load().streams)
  gauge('nlu_analyses_waiting', 'Texts that wait to be read', () => load().waiting)
  gauge('nlu_analyses_in_progress', 'Texts being read', () => load().reading)
  gauge('nlu_serving', '1 while the understanding server takes texts, 0 while it shuts down', () =>
    load().isServing ? 1 : 0,
  )
  const wait = new Histogram({
    name: 'nlu_analysis_wait_seconds',
    help: 'Time a text waited in the understanding server before it was read',
    buckets: [0.0005, 0.001, 0.005, 0.01, 0.05, 0.2, 0.5, 1, 2],
    registers,
  })
  const dropped = new Counter({
    name: 'nlu_analyses_dropped_total',
    help: 'Texts that were not read or whose reading nobody waited for, by reason',
    labelNames: ['reason'],
    registers,
  })
  // There from the start, so that the first of its kind is a rise from 0.
  for (const reason of dropReasons) dropped.inc({ reason }, 0)
  const models = createModelMetrics(registry)
  return {
    noteAnalysis: models.noteAnalysis,
    noteReading: models.noteReading,
    noteWait: (seconds: number) => wait.observe(seconds),
    noteDropped: (reason: DropReason) => dropped.labels({ reason }).inc(),
  }
}
export type ServerMetrics = ReturnType<typeof createServerMetrics>
