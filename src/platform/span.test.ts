import { afterEach, expect, test } from 'vitest'
import { summarizeSql } from '#platform/database'
import { keepSpan, noteSpan, runAsSpan, runInSpan, type Span, setSpanRecorder } from '#platform/span'
import {
  childOf,
  continueTrace,
  currentTrace,
  formatTraceparent,
  newTrace,
  runInTrace,
  setSampler,
} from '#platform/trace'

const kept: Span[] = []
const record = () => setSpanRecorder((span) => void kept.push(span))
afterEach(() => {
  setSpanRecorder(undefined)
  setSampler(() => true)
  kept.length = 0
})

const span = { name: 'work', kind: 'internal' } as const

test('spans hang together: each has the one it ran in as its parent', async () => {
  record()
  const root = newTrace()
  await runAsSpan(root, { name: 'call', kind: 'server' }, async () => {
    await runInSpan(span, async () => noteSpan({ ...span, name: 'query', startMs: 1, endMs: 2, isError: false }))
  })
  const [query, work, call] = kept
  expect(call?.trace).toBe(root)
  expect(work?.trace).toMatchObject({ traceId: root.traceId, parentSpanId: root.spanId })
  expect(query?.trace).toMatchObject({ traceId: root.traceId, parentSpanId: work?.trace.spanId })
  expect(kept.every(({ isError }) => !isError)).toBe(true)
})

test('what fails is marked and throws on', async () => {
  record()
  await expect(runInSpan(span, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(kept).toMatchObject([{ name: 'work', isError: true }])
})

test('a trace that is not sampled keeps nothing, and says so to those it calls', async () => {
  record()
  setSampler(() => false)
  const trace = newTrace()
  await runAsSpan(trace, span, async () => {
    noteSpan({ ...span, startMs: 1, endMs: 2, isError: false })
    await runInSpan(span, async () => expect(formatTraceparent(currentTrace())).toMatch(/-00$/))
  })
  keepSpan({ ...span, trace: childOf(trace), startMs: 1, endMs: 2, isError: false })
  expect(kept).toEqual([])
  expect(newTrace(`00-${trace.traceId}-${trace.spanId}-01`)).toMatchObject({
    isSampled: true,
    parentSpanId: trace.spanId,
  })
  expect(continueTrace(trace)).toMatchObject({ traceId: trace.traceId, parentSpanId: trace.spanId, isSampled: false })
})

test('without anyone who keeps spans, work runs in the trace as it is', async () => {
  const trace = newTrace()
  await runInTrace(trace, () => runInSpan(span, async () => expect(currentTrace()).toBe(trace)))
})

test.each([
  ['select "a" from "chat_turns" where "x" = $1', 'select chat_turns'],
  ['insert into log_positions (name) values ($1)', 'insert log_positions'],
  ['update "auth_users" set "name" = $1', 'update auth_users'],
  ["select '10억 from 홍길동' as x from sales", 'select sales'],
  ["select '매출 from secret'", 'select'],
  ['begin', 'begin'],
])('a statement is named by its verb and its table: %s', (statement, summary) => {
  expect(summarizeSql(statement)).toBe(summary)
})
