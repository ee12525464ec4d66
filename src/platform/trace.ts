import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'

/** Where a piece of work belongs: ids as in W3C Trace Context, lowercase hex of 16 and 8 bytes. */
export type Trace = { traceId: string; spanId: string }

const traceparentPattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/
const running = new AsyncLocalStorage<Trace>()

/** A new span, in the caller's trace when `parent` is a valid `traceparent` header and in a trace of its own when not. */
export function newTrace(parent?: string): Trace {
  return { traceId: readTraceId(parent) ?? randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') }
}

/** Runs `fn` so that everything it calls or awaits sees `trace` as the current one. */
export function runInTrace<T>(trace: Trace, fn: () => T): T {
  return running.run(trace, fn)
}

/** The trace this code runs in, or undefined outside of any. */
export function runningTrace(): Trace | undefined {
  return running.getStore()
}

/** The trace this code runs in; outside of any, a fresh one, so that what leaves the process always carries ids. */
export function currentTrace(): Trace {
  return running.getStore() ?? newTrace()
}

/** The `traceparent` header for an outbound call; always marked as sampled. */
export function formatTraceparent(trace: Trace): string {
  return `00-${trace.traceId}-${trace.spanId}-01`
}

function readTraceId(parent: string | undefined): string | undefined {
  const [, version, traceId, spanId, rest] = traceparentPattern.exec(parent ?? '') ?? []
  if (!traceId || !spanId || version === 'ff' || (version === '00' && rest)) return undefined
  return /^0+$/.test(traceId) || /^0+$/.test(spanId) ? undefined : traceId
}
