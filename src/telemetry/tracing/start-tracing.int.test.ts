import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createMetrics, type Metrics } from '#platform/metrics'
import { isRecordingSpans, runAsSpan, runInSpan } from '#platform/span'
import { newTrace } from '#platform/trace'
import { type Collector, startCollector } from './collector-fixture.ts'
import { connectCollector } from './otlp-exporter.ts'
import { createSpanQueue } from './span-queue.ts'
import { isChosen, startTracing } from './start-tracing.ts'

let collector: Collector
let metrics: Metrics
beforeEach(async () => {
  collector = await startCollector()
  metrics = createMetrics()
})
afterEach(() => collector.close())

const start = (ratio = 1) =>
  startTracing({ endpoint: `${collector.url}/`, headers: { 'x-key': 'k' }, ratio, role: 'http' }, metrics)
const droppedOf = async (reason: string) => {
  const { values = [] } = (await metrics.registry.getSingleMetric('trace_spans_dropped_total')?.get()) ?? {}
  return values.find(({ labels }) => labels.reason === reason)?.value ?? 0
}

test('spans arrive as OTLP, with times, parents, kinds and what failed', async () => {
  const before = Date.now()
  const root = newTrace()
  {
    await using _tracing = await start()
    await runAsSpan(
      root,
      { name: 'GET /x', kind: 'server', attributes: { 'http.route': '/x', status: 200 } },
      async () => {
        await runInSpan({ name: 'inner', kind: 'client' }, () => Promise.reject(new Error('no'))).catch(() => undefined)
      },
    )
  }
  expect(isRecordingSpans()).toBe(false)
  const [inner, outer] = collector.spans
  expect(outer).toMatchObject({
    traceId: root.traceId,
    spanId: root.spanId,
    name: 'GET /x',
    kind: 2,
    instance: `http-${process.pid}`,
  })
  expect(outer?.parentSpanId).toBeUndefined()
  expect(outer?.attributes).toEqual([
    { key: 'http.route', value: { stringValue: '/x' } },
    { key: 'status', value: { intValue: 200 } },
  ])
  expect(inner).toMatchObject({ parentSpanId: root.spanId, kind: 3, status: { code: 2 } })
  const startedAt = Number(BigInt(outer?.startTimeUnixNano ?? 0) / 1_000_000n)
  expect(startedAt).toBeGreaterThanOrEqual(before - 1)
  expect(BigInt(outer?.endTimeUnixNano ?? 0)).toBeGreaterThanOrEqual(BigInt(inner?.endTimeUnixNano ?? 1))
})

test('of traces that begin here the share is kept that was asked for, each whole', async () => {
  {
    await using _tracing = await start(0.25)
    for (let count = 0; count < 2_000; count += 1)
      await runAsSpan(newTrace(), { name: 'a', kind: 'server' }, () =>
        runInSpan({ name: 'b', kind: 'internal' }, async () => undefined),
      )
  }
  const traces = Map.groupBy(collector.spans, ({ traceId }) => traceId)
  expect(traces.size).toBeGreaterThan(350)
  expect(traces.size).toBeLessThan(650)
  expect([...traces.values()].every((spans) => spans.length === 2)).toBe(true)
  expect(isChosen('f'.repeat(32), 0.999)).toBe(false)
  expect(isChosen('0'.repeat(32), 0)).toBe(false)
})

test('a collector that refuses or hangs costs spans that are counted, and no memory', async () => {
  collector.fault = 400
  const { send, close } = await connectCollector({ endpoint: collector.url, headers: {} }, 'http')
  const queue = createSpanQueue(send, metrics, { mostSpans: 100, batchSpans: 10, everyMs: 5, closeMs: 50 })
  const span = { name: 'a', kind: 'server', trace: newTrace(), startMs: 1, endMs: 2, isError: false } as const
  for (let count = 0; count < 5; count += 1) queue.keep(span)
  await vi.waitFor(async () => expect(await droppedOf('refused')).toBe(5))
  collector.fault = 'hang'
  for (let count = 0; count < 500; count += 1) queue.keep(span)
  expect(await droppedOf('full')).toBeGreaterThan(350)
  await queue.close()
  await close()
})
