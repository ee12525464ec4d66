import { Counter } from 'prom-client'
import type { Metrics } from './metrics.ts'

/** Counts what a cache was asked for: found there, or fetched. */
export type LookupCounter = (outcome: 'hit' | 'miss') => void

const name = 'cache_lookups_total'

/** Counts lookups of the cache of that name; a counter of all caches of a registry. */
export function countLookups({ registry }: Metrics, cache: string): LookupCounter {
  const known = registry.getSingleMetric(name) as Counter<'cache' | 'outcome'> | undefined
  const help = 'What caches were asked for, by cache and whether it was there'
  const counter = known ?? new Counter({ name, help, labelNames: ['cache', 'outcome'], registers: [registry] })
  const series = { hit: counter.labels({ cache, outcome: 'hit' }), miss: counter.labels({ cache, outcome: 'miss' }) }
  series.hit.inc(0)
  series.miss.inc(0)
  return (outcome) => series[outcome].inc()
}
