import { setTimeout as wait } from 'node:timers/promises'
import { Counter, Gauge } from 'prom-client'
import type { Metrics } from '#platform/metrics'
import type { Span } from '#platform/span'

/** Sends spans; rejects when they did not arrive. */
export type SendSpans = (spans: Span[]) => Promise<void>

export type SpanQueue = { keep(span: Span): void; close(): Promise<void> }

const defaults = { mostSpans: 4_096, batchSpans: 512, everyMs: 2_000, closeMs: 3_000 }

/**
 * Spans on their way to a collector: a bounded queue and one batch under way. What finds no room, and a batch that did not arrive, is
 * dropped and counted: traces are worth no memory and no wait.
 */
export function createSpanQueue(
  send: SendSpans,
  { registry }: Metrics,
  bounds: Partial<typeof defaults> = {},
): SpanQueue {
  const { mostSpans, batchSpans, everyMs, closeMs } = { ...defaults, ...bounds }
  const registers = [registry]
  const sent = new Counter({ name: 'trace_spans_sent_total', help: 'Spans that the collector took', registers })
  const dropped = new Counter({
    name: 'trace_spans_dropped_total',
    help: 'Spans that are lost: no room (full), or the collector did not take them (refused)',
    labelNames: ['reason'],
    registers,
  })
  let waiting: Span[] = []
  let running: Promise<void> | undefined
  new Gauge({
    name: 'trace_spans_waiting',
    help: 'Spans that wait for the collector',
    registers,
    collect() {
      this.set(waiting.length)
    },
  })
  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchSpans)
      waiting = waiting.slice(batchSpans)
      try {
        await send(batch)
        sent.inc(batch.length)
      } catch {
        dropped.inc({ reason: 'refused' }, batch.length)
      }
    }
  }
  const start = () => {
    running ??= drain().finally(() => {
      running = undefined
    })
    return running
  }
  const timer = setInterval(() => void start(), everyMs).unref()
  return {
    keep(span) {
      if (waiting.length >= mostSpans) return dropped.inc({ reason: 'full' })
      waiting.push(span)
      if (waiting.length === batchSpans) void start()
    },
    async close() {
      clearInterval(timer)
      await Promise.race([start(), wait(closeMs, undefined, { ref: false })])
    },
  }
}
