import { Counter, type Registry } from 'prom-client'
import type { Metrics } from '#platform/metrics'
import type { Outcome, SubscriptionKind } from './subscription.ts'

export type SubscriptionMetrics = {
  done(kind: SubscriptionKind, outcome: Outcome): void
  crossed(count: number): void
}

const made = new WeakMap<Registry, SubscriptionMetrics>()

/** How reports and alerts go; made once a registry. */
export function createSubscriptionMetrics({ registry }: Metrics): SubscriptionMetrics {
  const known = made.get(registry) ?? makeInstruments([registry])
  made.set(registry, known)
  return known
}

function makeInstruments(registers: Registry[]): SubscriptionMetrics {
  const runs = new Counter({
    name: 'subscription_runs_total',
    help: 'Reports and alerts that were due, by outcome: sent, quiet, judged, retrying, failed, paused',
    labelNames: ['kind', 'outcome'],
    registers,
  })
  const crossings = new Counter({
    name: 'alert_crossings_total',
    help: 'Conditions of alerts that have come true',
    registers,
  })
  return {
    done: (kind, outcome) => runs.inc({ kind, outcome }),
    crossed: (count) => crossings.inc(count),
  }
}
