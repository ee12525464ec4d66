import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import { newTrace, type Trace } from '../trace.ts'

/** What is known about one HTTP call besides the request: for its log line, its metrics and its audit entry. */
export type CallState = {
  request: FastifyRequest
  trace: Trace
  startedAt: number
  actorId: string | null
  errorCode: string | null
  isRecorded: boolean
}

// Keyed by Node's own request: a WebSocket upgrade and a bad URL never show us Fastify's.
const states = new WeakMap<IncomingMessage, CallState>()

/** The state of a call; made at the first look, with the caller's trace when it sent one. */
export function callOf(request: FastifyRequest): CallState {
  const known = states.get(request.raw)
  if (known) return known
  const parent = request.headers.traceparent
  const state: CallState = {
    request,
    trace: newTrace(typeof parent === 'string' ? parent : undefined),
    startedAt: performance.now(),
    actorId: null,
    errorCode: null,
    isRecorded: false,
  }
  states.set(request.raw, state)
  return state
}

/** The state of the call that Node's `raw` request belongs to, when it has begun. */
export function findCall(raw: IncomingMessage): CallState | undefined {
  return states.get(raw)
}

/** Whether a path is one of the API or of sign-in, found or not: what is audited and counted, unlike pages. */
export function isApiPath(url: string): boolean {
  return /^\/(api|auth)(\/|\?|$)/.test(url)
}

/** Says who a call acts for, for audit and limits. The guard calls it as soon as it knows, also before it refuses. */
export function setActor(request: FastifyRequest, actorId: string): void {
  callOf(request).actorId = actorId
}

/** The trace of a call, for code that runs outside of its context, such as a WebSocket's message handlers. */
export function traceOf(request: FastifyRequest): Trace {
  return callOf(request).trace
}
