import { collectDefaultMetrics, Registry } from 'prom-client'

/** What /metrics shows. Capabilities make their instruments with `registers: [metrics.registry]`. */
export type Metrics = { registry: Registry }

/** A registry of its own, with the process's default metrics (CPU, memory, event loop, GC); several may live in one process. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  // Gauges with the names of counters; the same by type stays.
  for (const kind of ['handles', 'requests', 'resources']) registry.removeSingleMetric(`nodejs_active_${kind}_total`)
  return { registry }
}
