import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import { newTrace, type Trace } from '../trace.ts'

/** An API key as it may be written down, and the person it belongs to. */
export type UsedKey = { prefix: string; ownerId: string }

/** What is known about one HTTP call besides the request: for its log line, its metrics and its audit entry. */
export type CallState = {
  request: FastifyRequest
  trace: Trace
  startedAt: number
  actorId: string | null
  /** The API key that was used, if one was. */
  key: UsedKey | null
  errorCode: string | null
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
    key: null,
    errorCode: null,
  }
  states.set(request.raw, state)
  return state
}

/** The state of the call that Node's `raw` request belongs to, when it has begun. */
export function findCall(raw: IncomingMessage): CallState | undefined {
  return states.get(raw)
}

/**
 * Whether a call is one of the API or of sign-in, found or not: what is audited and counted, unlike pages. The route
 * decides when there is one, because a path may be spelt in many ways.
 */
export function isApiCall(request: FastifyRequest): boolean {
  const route = request.is404 ? undefined : request.routeOptions.url
  const path = route === undefined || route === '/*' ? decodePath(request.url) : route
  return /^\/(api|auth)(\/|\?|$)/.test(path)
}

/** Says who a call acts for, for audit and limits. The guard calls it as soon as it knows, also before it refuses. */
export function setActor(request: FastifyRequest, actorId: string, key?: UsedKey): void {
  Object.assign(callOf(request), { actorId, key: key ?? null })
}

/** Says why a call was refused that is answered otherwise than with an error, such as by a redirect. */
export function setErrorCode(request: FastifyRequest, code: string): void {
  callOf(request).errorCode = code
}

/** The trace of a call, for code that runs outside of its context, such as a WebSocket's message handlers. */
export function traceOf(request: FastifyRequest): Trace {
  return callOf(request).trace
}

function decodePath(url: string): string {
  try {
    return decodeURIComponent(url)
  } catch {
    return url
  }
}
