import { AsyncLocalStorage } from 'node:async_hooks'
import { randomFillSync } from 'node:crypto'

/** Where a piece of work belongs: ids as in W3C Trace Context, lowercase hex of 16 and 8 bytes. */
export type Trace = { traceId: string; spanId: string }

const traceparentPattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/
const running = new AsyncLocalStorage<Trace>()

// Drawn in bulk: a draw for each id costs more than all else about a trace.
const drawn = Buffer.alloc(4096)
let used = drawn.length

function randomHex(bytes: number): string {
  if (used + bytes > drawn.length) {
    randomFillSync(drawn)
    used = 0
  }
  used += bytes
  return drawn.toString('hex', used - bytes, used)
}

/** A new span, in the caller's trace when `parent` is a valid `traceparent` header and in a trace of its own when not. */
export function newTrace(parent?: string): Trace {
  return { traceId: readTraceId(parent) ?? randomHex(16), spanId: randomHex(8) }
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
