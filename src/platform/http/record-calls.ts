import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { Counter, Gauge, Histogram } from 'prom-client'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { platformErrors } from '../platform-errors.ts'
import { isRecordingSpans, keepSpan, spanTime } from '../span.ts'
import { runInTrace } from '../trace.ts'
import { isUuid } from '../uuid.ts'
import { type CallState, callOf, findCall, isApiCall, type UsedKey } from './call-state.ts'
import { checkSocket } from './check-sockets.ts'

/** One finished API call, for the audit trail: who asked for what, from where, and how it ended. Never what was said. */
export type ApiCall = {
  method: string
  /** The route's pattern, `/api/v1/conversations/:id`; null when no route answered. */
  route: string | null
  /** The parts of the path that are ids of ours (UUID), by their name in the route; anything else there may be anything. */
  target: Record<string, string>
  status: number
  errorCode: string | null
  ip: string
  actorId: string | null
  /** The API key it was made with, if any. */
  key?: UsedKey
  durationMs: number
  traceId: string
}

type Deps = { log: Logger; metrics: Metrics; onCall: (call: ApiCall) => Promise<void> }

const clientGone = 499
const switchingProtocols = 101
const quietRoutes = new Set(['/healthz', '/readyz', '/metrics', '/*'])

/** Writes down how a call ended. `drain` waits for the audit entries under way. */
export type CallRecorder = { record: (call: CallState, status: number) => void; drain: () => Promise<void> }

/** A recorder that makes of every call a log line and a duration, and of those of the API an audit entry. */
export function createCallRecorder({ log, metrics, onCall }: Deps): CallRecorder {
  const durations = createHistogram(metrics)
  const errors = createErrorCounter(metrics)
  const pending = new Set<Promise<void>>()
  const audit = (call: ApiCall) => {
    const audited: Promise<void> = onCall(call)
      .catch((error: unknown) => log.error({ err: error }, 'A call could not be audited'))
      .finally(() => pending.delete(audited))
    pending.add(audited)
  }
  const record = (call: CallState, status: number) => {
    runInTrace(call.trace, () => {
      const finished = describeCall(call, status)
      const labels = { method: finished.method, route: finished.route ?? 'none', status: String(status) }
      durations.observe(labels, finished.durationMs / 1000)
      if (finished.errorCode !== null) errors.inc({ code: finished.errorCode })
      logCall(log, call, finished)
      if (isApiCall(call.request)) audit(finished)
    })
    if (isRecordingSpans()) keepCallSpan(call, status)
  }
  return { record, drain: async () => void (await Promise.all(pending)) }
}

/** Records every call of `server`, WebSockets when they open and calls whose client left too. */
export function recordCalls(server: FastifyInstance, { record, drain }: CallRecorder, metrics: Metrics): void {
  server.addHook('onResponse', async (request, reply) => record(callOf(request), reply.statusCode))
  server.addHook('onRequestAbort', async (request) => record(callOf(request), clientGone))
  server.addHook('onClose', drain)
  recordSockets(server, metrics, (call) => record(call, switchingProtocols))
}

function recordSockets(server: FastifyInstance, metrics: Metrics, record: (call: CallState) => void): void {
  const open = new Gauge({
    name: 'websocket_connections',
    help: 'WebSocket connections that are open',
    registers: [metrics.registry],
  })
  server.websocketServer.on('connection', (socket, raw: IncomingMessage) => {
    open.inc()
    checkSocket(socket)
    socket.once('close', () => open.dec())
    const call = findCall(raw)
    if (call) record(call)
  })
}

function describeCall(call: CallState, status: number): ApiCall {
  const { request } = call
  return {
    method: request.method,
    route: request.is404 ? null : (request.routeOptions.url ?? null),
    target: readTarget(request.params),
    status,
    errorCode: call.errorCode,
    ip: request.ip,
    actorId: call.actorId,
    ...(call.key && { key: call.key }),
    durationMs: performance.now() - call.startedAt,
    traceId: call.trace.traceId,
  }
}

/** A call's span: its route, never its address, which may carry what people wrote. */
function keepCallSpan({ request, trace, startedAt }: CallState, status: number): void {
  const route = request.is404 ? undefined : request.routeOptions.url
  const attributes = {
    'http.request.method': request.method,
    'http.response.status_code': status,
    ...(route !== undefined && { 'http.route': route }),
  }
  const times = { startMs: performance.timeOrigin + startedAt, endMs: spanTime() }
  const name = route === undefined ? request.method : `${request.method} ${route}`
  keepSpan({ name, kind: 'server', attributes, trace, ...times, isError: status >= 500 })
}

function readTarget(params: unknown): Record<string, string> {
  const found = Object.entries((params ?? {}) as Record<string, unknown>)
  return Object.fromEntries(found.filter((entry): entry is [string, string] => isUuid(String(entry[1]))))
}

/** Routes, not paths, and what kind of caller it is, not how it calls itself: either text may hold anything. Who called from where is in the audit trail only. */
function logCall(log: Logger, { request }: CallState, call: ApiCall): void {
  const level = call.status >= 500 ? 'warn' : quietRoutes.has(call.route ?? '') ? 'debug' : 'info'
  log[level](
    {
      'event.category': ['web'],
      'event.duration': Math.round(call.durationMs * 1e6),
      'event.outcome': call.status < 400 ? 'success' : 'failure',
      'http.request.method': call.method,
      'http.response.status_code': call.status,
      'http.route': call.route ?? undefined,
      'user_agent.name': readCallerKind(request.headers['user-agent']),
      'error.code': call.errorCode ?? undefined,
    },
    'Call finished',
  )
}

// Chromium-based browsers name Chrome and Safari too, so the first that is found wins.
const callerKinds = [
  'Edg',
  'SamsungBrowser',
  'Whale',
  'Firefox',
  'Chrome',
  'Safari',
  'curl',
  'node',
  'Prometheus',
  'kube-probe',
]

function readCallerKind(userAgent: string | undefined): string | undefined {
  return userAgent === undefined ? undefined : (callerKinds.find((kind) => userAgent.includes(kind)) ?? 'other')
}

function createHistogram(metrics: Metrics): Histogram<'method' | 'route' | 'status'> {
  return new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its response',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [metrics.registry],
  })
}

function createErrorCounter({ registry }: Metrics): Counter<'code'> {
  const errors = new Counter({
    name: 'http_errors_total',
    help: 'Calls that were answered with an error, by its code',
    labelNames: ['code'],
    registers: [registry],
  })
  // There from the start, so that the first of its kind is a rise from 0.
  for (const { code } of Object.values(platformErrors)) errors.inc({ code }, 0)
  return errors
}
