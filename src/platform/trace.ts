import { AsyncLocalStorage } from 'node:async_hooks'
import { randomFillSync } from 'node:crypto'

/**
 * Where a piece of work belongs: ids as in W3C Trace Context, lowercase hex of 16 and 8 bytes. `parentSpanId` is the span that it
 * was called from, if any; `isSampled` whether spans of the trace are kept (false only by a caller's or the sampler's choice).
 */
export type Trace = { traceId: string; spanId: string; parentSpanId?: string; isSampled: boolean }

const traceparentPattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const running = new AsyncLocalStorage<Trace>()
let chooseSampled: (traceId: string) => boolean = () => true

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
  const caller = readTraceparent(parent)
  if (caller) return { ...caller, spanId: randomHex(8) }
  const traceId = randomHex(16)
  return { traceId, spanId: randomHex(8), isSampled: chooseSampled(traceId) }
}

/** A span inside of `trace`. */
export function childOf({ traceId, spanId, isSampled }: Trace): Trace {
  return { traceId, spanId: randomHex(8), parentSpanId: spanId, isSampled }
}

/** Lets `choose` decide of the traces that begin here whether their spans are kept; a trace that comes from elsewhere has decided. */
export function setSampler(choose: (traceId: string) => boolean): void {
  chooseSampled = choose
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

/** A span in the trace of a message, which carries ids alone: the sampler, the same everywhere, decides again. */
export function continueTrace({ traceId, spanId }: Pick<Trace, 'traceId' | 'spanId'>): Trace {
  const trace = newTrace(`00-${traceId}-${spanId}-01`)
  return { ...trace, isSampled: chooseSampled(trace.traceId) }
}

/** The `traceparent` header for an outbound call. */
export function formatTraceparent({ traceId, spanId, isSampled }: Trace): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`
}

function readTraceparent(parent: string | undefined): Omit<Trace, 'spanId'> | undefined {
  const [, version, traceId, parentSpanId, flags, rest] = traceparentPattern.exec(parent ?? '') ?? []
  if (!traceId || !parentSpanId || !flags || version === 'ff' || (version === '00' && rest)) return undefined
  if (/^0+$/.test(traceId) || /^0+$/.test(parentSpanId)) return undefined
  return { traceId, parentSpanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 }
}
