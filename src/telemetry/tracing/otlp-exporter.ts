import { setTimeout as wait } from 'node:timers/promises'
import { TraceFlags } from '@opentelemetry/api'
import type { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import type { Resource } from '@opentelemetry/resources'
import type { Span, SpanKind } from '#platform/span'
import type { SendSpans } from './span-queue.ts'

/** An OTLP/HTTP collector: its base address, to which `/v1/traces` is added. `ca`: PEM of an authority of one's own. */
export type CollectorAccess = { endpoint: string; headers: Record<string, string>; ca?: string | undefined }

type ExportedSpan = Parameters<OTLPTraceExporter['export']>[0][number]

/** All tries of a batch together. */
const batchMs = 10_000
const closeMs = 1_000
const kinds: Record<SpanKind, number> = { internal: 0, server: 1, client: 2, producer: 3, consumer: 4 }
const codes = { unset: 0, error: 2 }

/** Sends spans as OTLP over HTTP (JSON). The libraries are loaded here: without a collector nobody pays for them. */
export async function connectCollector(
  { endpoint, headers, ca }: CollectorAccess,
  role: string,
): Promise<{ send: SendSpans; close(): Promise<void> }> {
  const [{ OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ])
  const resource = resourceFromAttributes({
    'service.name': 'erp-chatbot',
    'service.instance.id': `${role}-${process.pid}`,
  })
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    headers,
    timeoutMillis: batchMs,
    concurrencyLimit: 2,
    httpAgentOptions: { keepAlive: true, minVersion: 'TLSv1.3', ...(ca !== undefined && { ca }) },
  })
  return {
    send: (spans) =>
      new Promise((resolve, reject) => {
        const exported = spans.map((span) => describeSpan(span, resource))
        exporter.export(exported, ({ code, error }) => (code === 0 ? resolve() : reject(error ?? new Error('refused'))))
      }),
    // It would wait for a batch under way, however long that takes.
    close: () => Promise.race([exporter.shutdown(), wait(closeMs, undefined, { ref: false })]),
  }
}

/** A span as the exporter takes it. */
function describeSpan({ trace, name, kind, attributes = {}, ...span }: Span, resource: Resource): ExportedSpan {
  const { traceId, spanId, parentSpanId } = trace
  const context = { traceId, spanId, traceFlags: TraceFlags.SAMPLED }
  return {
    ...{ name, kind: kinds[kind], attributes, resource },
    spanContext: () => context,
    ...(parentSpanId !== undefined && { parentSpanContext: { ...context, spanId: parentSpanId } }),
    startTime: toSeconds(span.startMs),
    endTime: toSeconds(span.endMs),
    duration: toSeconds(Math.max(0, span.endMs - span.startMs)),
    status: { code: span.isError ? codes.error : codes.unset },
    instrumentationScope: { name: 'erp-chatbot' },
    ...{ links: [], events: [], ended: true },
    ...{ droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
  }
}

/** Seconds and nanoseconds. */
function toSeconds(ms: number): [number, number] {
  const seconds = Math.floor(ms / 1000)
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)]
}
