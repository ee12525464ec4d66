import { childOf, currentTrace, runInTrace, runningTrace, type Trace } from './trace.ts'

/** As in OpenTelemetry: who asked and who answered. */
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer'

/** What a piece of work is called. Fixed words, routes, tables and servers only: never what anyone said, nor who. */
export type SpanName = { name: string; kind: SpanKind; attributes?: Record<string, string | number | boolean> }

/** A piece of work that is over. Times in milliseconds since 1970, with fractions. */
export type Span = SpanName & { trace: Trace; startMs: number; endMs: number; isError: boolean }

let keep: ((span: Span) => void) | undefined

/** From now on `record` gets every sampled span; undefined: nobody does. It must neither block nor throw. */
export function setSpanRecorder(record: ((span: Span) => void) | undefined): void {
  keep = record
}

/** Whether anyone keeps spans. */
export function isRecordingSpans(): boolean {
  return keep !== undefined
}

/** Now, as spans count time. */
export function spanTime(): number {
  return performance.timeOrigin + performance.now()
}

/** Runs `work` as a span inside of the running trace; without anyone who keeps spans, it only runs it. */
export async function runInSpan<T>(span: SpanName, work: () => Promise<T>): Promise<T> {
  if (!keep) return await work()
  return await runAsSpan(childOf(currentTrace()), span, work)
}

/** As `runInSpan`, for a trace that begins or arrives here: its own span id is the span's. */
export async function runAsSpan<T>(trace: Trace, span: SpanName, work: () => Promise<T>): Promise<T> {
  if (!keep || !trace.isSampled) return await runInTrace(trace, work)
  const startMs = spanTime()
  let isError = true
  try {
    const value = await runInTrace(trace, work)
    isError = false
    return value
  } finally {
    keepSpan({ ...span, trace, startMs, endMs: spanTime(), isError })
  }
}

/** Keeps a span that was timed elsewhere, as a child of the running trace. */
export function noteSpan(span: SpanName & Pick<Span, 'startMs' | 'endMs' | 'isError'>): void {
  const trace = keep && runningTrace()
  if (trace) keepSpan({ ...span, trace: childOf(trace) })
}

/** Keeps a whole span, when its trace is one that is kept. */
export function keepSpan(span: Span): void {
  if (span.trace.isSampled) keep?.(span)
}
