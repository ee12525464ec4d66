import { Counter, Gauge, Histogram } from 'prom-client'
import type { Metrics } from '#platform/metrics'

/** How one try at one server ended. */
export type TryOutcome =
  | 'ok'
  | 'fault'
  | 'failed'
  | 'stalled'
  | 'slow'
  | 'refused'
  | 'unreadable'
  | 'timeout'
  | 'abandoned'
  | 'superseded'

type ServerState = { address: string; isHealthy(): boolean; inFlight(): number }

/** What the understanding client shows of itself, server by server. The states are asked when somebody looks. */
export function createClientMetrics({ registry }: Metrics, servers: () => ServerState[], waiting: () => number) {
  const registers = [registry]
  const perServer = (name: string, help: string, read: (server: ServerState) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['server'],
      registers,
      collect() {
        for (const server of servers()) this.set({ server: server.address }, read(server))
      },
    })
  perServer('nlu_requests_in_flight', 'Understanding requests sent and not answered yet, by server', (server) =>
    server.inFlight(),
  )
  perServer('nlu_server_healthy', '1 while a server gets requests, 0 while it is kept out', (server) =>
    server.isHealthy() ? 1 : 0,
  )
  new Gauge({
    name: 'nlu_requests_waiting',
    help: 'Understanding requests that wait for a server to have room',
    registers,
    collect() {
      this.set(waiting())
    },
  })
  const duration = new Histogram({
    name: 'nlu_request_duration_seconds',
    help: 'Time of one try of an understanding request as its caller sees it, by server and outcome',
    labelNames: ['server', 'outcome'],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 2],
    registers,
  })
  const retries = new Counter({
    name: 'nlu_request_retries_total',
    help: 'Understanding requests sent elsewhere after a server did not answer them, by that server and reason',
    labelNames: ['server', 'reason'],
    registers,
  })
  const abandoned = new Counter({
    name: 'nlu_requests_abandoned_total',
    help: 'Understanding requests whose caller gave up or typed on before the answer came, by reason',
    labelNames: ['reason'],
    registers,
  })
  const failures = new Counter({
    name: 'nlu_request_failures_total',
    help: 'Understanding requests that came to nothing after all tries, by error code',
    labelNames: ['code'],
    registers,
  })
  // There from the start, so that the first of its kind is a rise from 0.
  for (const reason of ['caller', 'superseded']) abandoned.inc({ reason }, 0)
  // Looked up once: a label look-up at each observation costs more than the observation.
  const answered = new Map<string, { observe(value: number): void }>()
  return {
    noteTry(server: string, outcome: TryOutcome, seconds: number) {
      if (outcome !== 'ok') return duration.labels({ server, outcome }).observe(seconds)
      const series = answered.get(server) ?? duration.labels({ server, outcome })
      answered.set(server, series)
      series.observe(seconds)
    },
    noteRetry: (server: string, reason: TryOutcome) => retries.labels({ server, reason }).inc(),
    noteAbandoned: (reason: 'caller' | 'superseded') => abandoned.labels({ reason }).inc(),
    noteFailure: (code: string) => failures.labels({ code }).inc(),
  }
}
export type ClientMetrics = ReturnType<typeof createClientMetrics>
