import type { Metrics } from '#platform/metrics'
import { setSpanRecorder } from '#platform/span'
import { setSampler } from '#platform/trace'
import { type CollectorAccess, connectCollector } from './otlp-exporter.ts'
import { createSpanQueue } from './span-queue.ts'

/** `ratio` 0…1: the share of traces beginning here whose spans are kept. */
export type TracingOptions = CollectorAccess & { ratio: number; role: string }

/** From now on this process sends its spans to the collector, until it is disposed of. Call it before the database is opened. */
export async function startTracing(
  { ratio, role, ...access }: TracingOptions,
  metrics: Metrics,
): Promise<AsyncDisposable> {
  const collector = await connectCollector(access, role)
  const queue = createSpanQueue(collector.send, metrics)
  setSampler((traceId) => isChosen(traceId, ratio))
  setSpanRecorder(queue.keep)
  return {
    async [Symbol.asyncDispose]() {
      setSpanRecorder(undefined)
      setSampler(() => true)
      await queue.close()
      await collector.close()
    },
  }
}

/** By the trace id alone, so that every process decides the same: its last 13 digits are as good as drawn from 0…1. */
export function isChosen(traceId: string, ratio: number): boolean {
  return ratio >= 1 || Number.parseInt(traceId.slice(-13), 16) / 16 ** 13 < ratio
}
