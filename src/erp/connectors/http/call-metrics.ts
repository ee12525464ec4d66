import { Counter, Gauge, Histogram } from 'prom-client'
import type { Metrics } from '#platform/metrics'
import type { BreakerState } from './breaker.ts'
import { CallError, type HttpReply } from './call-server.ts'
import type { Server } from './server-group.ts'
import type { Turns } from './turns.ts'

/** Counts and times every attempt at a server. Labels name servers and outcomes only. */
export type CallMetrics = { observe(server: string, attempt: () => Promise<HttpReply>): Promise<HttpReply> }

const labelNames = ['server', 'outcome'] as const
const breakerValues: Record<BreakerState, number> = { closed: 0, 'half-open': 1, open: 2 }

/**
 * Registers `erp_request_duration_seconds`, `erp_requests_total`, `erp_breaker_state` (0 closed, 1 half-open, 2 open) and
 * `erp_calls_waiting`; once a registry.
 */
export function createCallMetrics({ registry }: Metrics, servers: Server[], turns: Turns): CallMetrics {
  const duration = new Histogram({
    name: 'erp_request_duration_seconds',
    help: 'Time of one attempt at an ERP server, to the end of its reply',
    labelNames,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  })
  const requests = new Counter({
    name: 'erp_requests_total',
    help: 'Attempts at ERP servers',
    labelNames,
    registers: [registry],
  })
  // There from the start, so that the first failure is a rise from 0.
  for (const { name } of servers) for (const outcome of ['ok', 'failed']) requests.inc({ server: name, outcome }, 0)
  const gauge = (name: string, help: string, read: (server: Server) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['server'],
      registers: [registry],
      collect() {
        for (const server of servers) this.set({ server: server.name }, read(server))
      },
    })
  gauge(
    'erp_breaker_state',
    'Circuit breaker of an ERP server: 0 closed, 1 half-open, 2 open',
    ({ breaker }) => breakerValues[breaker.state()],
  )
  gauge('erp_calls_waiting', 'Calls that wait for their turn at an ERP server', (server) => turns.waiting(server))
  return {
    observe: async (server, attempt) => {
      const startedAt = performance.now()
      let outcome = 'aborted'
      try {
        const reply = await attempt()
        outcome = outcomeOf(reply.status)
        return reply
      } catch (error) {
        if (error instanceof CallError) outcome = error.fault
        throw error
      } finally {
        duration.observe({ server, outcome }, (performance.now() - startedAt) / 1_000)
        requests.inc({ server, outcome })
      }
    },
  }
}

function outcomeOf(status: number): string {
  if (status < 300) return 'ok'
  if (status === 401 || status === 403) return 'refused'
  return status === 429 ? 'limited' : 'failed'
}
