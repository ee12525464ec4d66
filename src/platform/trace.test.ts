import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { currentTrace, formatTraceparent, newTrace, runInTrace, runningTrace } from '#platform/trace'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const spanId = 'b7ad6b7169203331'

test('a caller’s trace is continued with a span of its own', () => {
  const trace = newTrace(`00-${traceId}-${spanId}-01`)
  expect(trace.traceId).toBe(traceId)
  expect(trace.spanId).not.toBe(spanId)
  expect(formatTraceparent(trace)).toBe(`00-${traceId}-${trace.spanId}-01`)
  expect(newTrace(`01-${traceId}-${spanId}-01-more`).traceId).toBe(traceId)
})

test.each([
  undefined,
  '',
  `00-${traceId}-${spanId}`,
  `ff-${traceId}-${spanId}-01`,
  `00-${traceId}-${spanId}-01-more`,
  `00-${'0'.repeat(32)}-${spanId}-01`,
  `00-${traceId}-${'0'.repeat(16)}-01`,
  `00-${traceId.toUpperCase()}-${spanId}-01`,
])('%s starts a trace of its own', (parent) => {
  const trace = newTrace(parent)
  expect(trace.traceId).toMatch(/^[0-9a-f]{32}$/)
  expect(trace.traceId).not.toBe(traceId)
})

test('work started in a trace stays in it across awaits, and outside there is none', async () => {
  const trace = newTrace()
  await runInTrace(trace, async () => {
    await wait(1)
    expect(currentTrace()).toBe(trace)
  })
  expect(runningTrace()).toBeUndefined()
  expect(currentTrace().traceId).not.toBe(trace.traceId)
})
