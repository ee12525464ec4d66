import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import {
  type ElasticsearchSimulator,
  startElasticsearchSimulator,
} from '../../src/telemetry/elasticsearch/elasticsearch-fixture.ts'
import { type Collector, type ReceivedSpan, startCollector } from '../../src/telemetry/tracing/collector-fixture.ts'
import { openOffice, type Person, type TestOffice } from '../support/office.ts'

const question = '이번 달 매출 상위 5개 거래처 알려줘'
const streamOf = (name: string) => `logs-erp_chatbot.${name}-default`
/** A request that hangs is given up after 10 s, and the next comes within a second: thrice that for a machine with much to do. */
const nextRequestMs = 30_000
/**
 * When the store is back: the request that hangs yet, 10 s; what must be kept rests 60 s at most after failures; then a round of 5 s and the
 * sending itself. The rest is for a machine with much to do.
 */
const caughtUpMs = 90_000
let collector: Collector
let store: ElasticsearchSimulator
let office: TestOffice
let sanghyun: Person

beforeAll(async () => {
  collector = await startCollector()
  store = await startElasticsearchSimulator()
  const given = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ELASTICSEARCH_URLS: store.url }
  office = await openOffice('three', { given })
  sanghyun = await office.signIn('sanghyun')
})
afterAll(async () => {
  await office?.close()
  await store?.close()
  await collector?.close()
})

const traceOf = (traceId: string) => collector.spans.filter((span) => span.traceId === traceId)
const named = (spans: ReceivedSpan[], name: RegExp) => spans.filter((span) => name.test(span.name))

function expectConnected(spans: ReceivedSpan[], rootParent?: string): void {
  const ids = new Set(spans.map(({ spanId }) => spanId))
  expect(ids.size).toBe(spans.length)
  const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined || !ids.has(parentSpanId))
  expect(roots.map(({ parentSpanId }) => parentSpanId)).toEqual([rootParent])
}

describe('one question', () => {
  test('over HTTP is one trace, through the understanding server, the ERP and the database', async () => {
    const { turn } = await sanghyun.ask(question)
    await vi.waitFor(() => expect(named(traceOf(turn.traceId), /^POST/)).toHaveLength(1), { timeout: 10_000 })
    await vi.waitFor(
      () => expect(new Set(traceOf(turn.traceId).map(({ instance }) => instance.split('-')[0])).size).toBe(2),
      { timeout: 10_000 },
    )
    const spans = traceOf(turn.traceId)
    expectConnected(spans)
    for (const name of [
      /^POST \/api\/v1\/chat\/messages$/,
      /^chat understand$/,
      /^chat erp$/,
      /^ERP GET/,
      /^insert /,
      /^select /,
    ])
      expect(named(spans, name), String(name)).not.toEqual([])
    const [client, server] = named(spans, /^Understanding\/Analyze$/).sort((a, b) => b.kind - a.kind)
    expect(server?.parentSpanId).toBe(client?.spanId)
    expect(client?.instance).toMatch(/^http-/)
    expect(server?.instance).toMatch(/^nlu-/)
  })

  test('over a WebSocket goes on the trace that its frame names', async () => {
    const [traceId, spanId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331']
    const url = office.url.replace('http', 'ws')
    const socket = new WebSocket(`${url}/api/v1/chat`, {
      headers: { authorization: `Bearer ${sanghyun.token}`, origin: office.url },
    })
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    const answered = new Promise<void>((resolve) =>
      socket.on('message', (data) => {
        if (JSON.parse(String(data)).body.type === 'answer') resolve()
      }),
    )
    socket.send(
      JSON.stringify({ type: 'ask', requestId: '1', text: question, traceparent: `00-${traceId}-${spanId}-01` }),
    )
    await answered
    socket.close()
    await vi.waitFor(() => expect(named(traceOf(traceId), /^WebSocket ask$/)).toHaveLength(1), { timeout: 10_000 })
    expectConnected(traceOf(traceId), spanId)
    expect(named(traceOf(traceId), /^ERP GET/)).not.toEqual([])
  })

  test('leaves nothing of what was said, of who said it, or of the answer in traces and logs', async () => {
    const { turn } = await sanghyun.ask('박상현 차장 이메일 sanghyun@hanbit.example 로 지난달 매출 보여줘')
    await vi.waitFor(
      () => {
        const arrived = store.documentsOf(streamOf('audit')).map((entry) => entry['trace.id'])
        expect(arrived).toContain(turn.traceId)
        expect(named(traceOf(turn.traceId), /^POST/)).toHaveLength(1)
      },
      { timeout: 20_000 },
    )
    const text = [collector.texts, ...['app', 'system', 'audit'].map((name) => store.documentsOf(streamOf(name)))]
      .map((part) => JSON.stringify(part))
      .join('\n')
    expect(text).toContain(turn.traceId)
    expect(text).not.toMatch(/매출|거래처|상현|sanghyun|hanbit\.example|127\.0\.0\.1"|::1/)
  })
})

describe('logs', () => {
  test('of all roles come in their streams, with the trace of the question', async () => {
    const { turn } = await sanghyun.ask('재고 보여줘')
    await vi.waitFor(
      () => {
        const calls = store.documentsOf(streamOf('app')).filter((line) => line['trace.id'] === turn.traceId)
        expect(calls.some((line) => line['http.route'] === '/api/v1/chat/messages')).toBe(true)
        const acts = store.documentsOf(streamOf('audit')).filter((entry) => entry['trace.id'] === turn.traceId)
        expect(acts.map((entry) => entry['event.action']).sort()).toEqual(['POST /api/v1/chat/messages', 'chat.ask'])
      },
      { timeout: 15_000 },
    )
    const started = store.documentsOf(streamOf('system')).filter((line) => line.message === 'The process has started')
    expect(started.map((line) => (line['service.node.roles'] as string[])[0]).sort()).toEqual(['http', 'nlu', 'worker'])
  })

  test(
    'hold up no question while the store is away, and come when it is back',
    async () => {
      store.fault = 'hang'
      const before = store.requests.length
      const answers = await Promise.all(Array.from({ length: 8 }, () => sanghyun.ask('이번 달 매출 얼마야?')))
      await vi.waitFor(() => expect(store.requests.length).toBeGreaterThan(before + 1), { timeout: nextRequestMs })
      expect(answers.every(({ turn }) => turn.answer.kind !== 'failed')).toBe(true)
      store.fault = undefined
      const traces = new Set(answers.map(({ turn }) => turn.traceId))
      await vi.waitFor(
        () => {
          for (const name of ['app', 'audit']) {
            const arrived = new Set(store.documentsOf(streamOf(name)).map((line) => line['trace.id'] as string))
            expect(traces.isSubsetOf(arrived), name).toBe(true)
          }
        },
        { timeout: caughtUpMs },
      )
    },
    nextRequestMs + caughtUpMs + 30_000,
  )
})

describe('the status', () => {
  test('tells an administrator how every dependency is, and nobody else', async () => {
    const hyerim = await office.signIn('hyerim')
    type Body = { body: { state: string; dependencies: { name: string; state: string; parts: { name: string }[] }[] } }
    await vi.waitFor(
      async () => {
        const { body } = (await hyerim.call('/api/v1/status')).body as Body
        const states = Object.fromEntries(body.dependencies.map(({ name, state }) => [name, state]))
        expect(states).toMatchObject({ database: 'up', nlu: 'up', erp: 'up', identity: 'up', keys: 'up', queue: 'up' })
        expect(states).toMatchObject({ mail: 'up', redis: 'absent', 'log-store': 'up', 'log-files': 'absent' })
        expect(body.dependencies.find(({ name }) => name === 'erp')?.parts).toHaveLength(2)
        expect(body.state).toBe('up')
      },
      { timeout: 40_000 },
    )
    expect((await sanghyun.call('/api/v1/status')).status).toBe(403)
  })
})
