import { mkdtemp } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { Actor } from '#auth'
import type { AnswerQuery } from '#erp'
import { createFieldCipher, createFileKeyService } from '#platform/encryption'
import { envelopeOf, errorBodySchema } from '#platform/envelope'
import { AppError, type ErrorSpec } from '#platform/errors'
import { createHttpServer, type HttpServer } from '#platform/http-server'
import { createLogger } from '#platform/log'
import { createMetrics, type Metrics } from '#platform/metrics'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { answerOf } from './answer/render-fixture.ts'
import {
  askReplySchema,
  conversationListSchema,
  conversationSchema,
  type ServerFrame,
  serverFrameSchema,
} from './api.ts'
import {
  answerTenThousand,
  fakeDeps,
  permitMost,
  type Recorded,
  salesThisMonth,
  somi,
  understandBy,
} from './chat-fixture.ts'
import { createPostgresConversationStore } from './conversation-store.postgres.ts'
import { createChat } from './create-chat.ts'

const spec = (code: string, kind: ErrorSpec['kind']): ErrorSpec => ({
  code,
  kind,
  ko: `${code} 문장`,
  en: `${code} sentence`,
})
const people: Record<string, Actor> = { somi, minsu: { ...somi, userId: 'minsu', name: '김민수' } }
const log = createLogger({ level: 'silent', role: 'test' })

let db: TestDatabase
let keyFile: string
let server: HttpServer
let metrics: Metrics
let base: string
let answerQuery: AnswerQuery
let revoked: Set<string>
/** How old what the guard knew might be, by its calls. */
const oldest: (number | undefined)[] = []
let audited: Recorded[]

beforeAll(async () => {
  db = await createTestDatabase()
  keyFile = join(await mkdtemp(join(tmpdir(), 'chat-')), 'key')
})
afterAll(() => db.drop())

beforeEach(async () => {
  answerQuery = answerTenThousand
  revoked = new Set()
  audited = []
  metrics = createMetrics()
  type Asked = { headers: { authorization?: string | undefined } }
  const guard = async (request: Asked, _?: string, oldestMs?: number) => {
    oldest.push(oldestMs)
    const name = request.headers.authorization?.replace('Bearer ', '') ?? ''
    if (!people[name]) throw new AppError(spec('TOKEN_MISSING', 'unauthenticated'))
    if (revoked.has(name)) throw new AppError(spec('TOKEN_EXPIRED', 'unauthenticated'))
  }
  server = await createHttpServer({
    log,
    metrics,
    publicUrl: 'http://localhost',
    guard,
    onCall: async () => undefined,
    readiness: {},
  })
  const chat = createChat({
    orders: fakeDeps().orders,
    understand: understandBy({
      '이번 달 매출': { intent: 'query', query: salesThisMonth },
      'sales this month': { intent: 'query', query: salesThisMonth },
      '느린 질문': { intent: 'query', query: { entity: 'stock', measures: ['quantity'] } },
      미지급금: { intent: 'query', query: { entity: 'payable', measures: ['balance'] } },
      '발주 목록': {
        intent: 'query',
        query: { entity: 'purchaseOrder', measures: [], select: ['vendor', 'amount', 'date', 'status'] },
      },
      안녕: { intent: 'greeting' },
    }),
    answerQuery: (query, signal) => answerQuery(query, signal),
    auth: {
      guard,
      actorOf: (request) => people[request.headers.authorization?.replace('Bearer ', '') ?? ''] ?? somi,
      permitRead: permitMost,
    },
    catalog: (await import('./answer/render-fixture.ts')).catalog,
    conversations: createPostgresConversationStore({
      database: db.database,
      cipher: createFieldCipher(createFileKeyService(keyFile)),
    }),
    audit: {
      record: async (entry) => {
        audited.push(entry)
      },
    },
    metrics,
    log,
    now: () => new Date('2026-11-23T05:32:00Z'),
  })
  chat.registerRoutes(server)
  await server.listen({ host: '127.0.0.1', port: 0 })
  base = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`
})
afterEach(() => server.close())

const as = (name: string, more: Record<string, string> = {}) => ({ authorization: `Bearer ${name}`, ...more })

async function ask(text: string, more: Record<string, unknown> = {}, name = 'somi') {
  const headers = as(name, { 'content-type': 'application/json', 'accept-language': 'ko' })
  const response = await fetch(`${base}/api/v1/chat/messages`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ text, ...more }),
  })
  return { status: response.status, body: await response.json() }
}
const replyOf = ({ body }: { body: unknown }) => envelopeOf(askReplySchema).parse(body).body
const get = async (path: string, name = 'somi') => fetch(base + path, { headers: as(name) })
// biome-ignore lint/suspicious/noExplicitAny: replies whose shape the test itself asserts
const json = async (response: Response): Promise<any> => response.json()

describe('over HTTP', () => {
  test('a question comes back answered in an envelope, and its conversation can be read, listed and deleted', async () => {
    const { conversationId, turn } = replyOf(await ask('이번 달 매출'))
    expect(turn.answer.text).toBe('이번 달 매출은 **1만 원**이에요.')
    const follow = replyOf(await ask('안녕', { conversationId }))
    expect(follow.conversationId).toBe(conversationId)

    const read = envelopeOf(conversationSchema).parse(
      await (await get(`/api/v1/conversations/${conversationId}`)).json(),
    ).body
    expect(read.turns.map(({ question }) => question)).toEqual(['이번 달 매출', '안녕'])
    expect(read.turns[0]).toEqual(turn)
    const list = envelopeOf(conversationListSchema).parse(await (await get('/api/v1/conversations')).json()).body
    expect(list.conversations.map((each) => each.conversationId)).toContain(conversationId)

    const gone = await fetch(`${base}/api/v1/conversations/${conversationId}`, {
      method: 'DELETE',
      headers: as('somi'),
    })
    expect(gone.status).toBe(200)
    expect((await get(`/api/v1/conversations/${conversationId}`)).status).toBe(404)
  })

  test('another person finds nothing there', async () => {
    const { conversationId, turn } = replyOf(await ask('이번 달 매출'))
    for (const path of ['', `/turns/${turn.turnId}/export?format=csv`]) {
      const response = await get(`/api/v1/conversations/${conversationId}${path}`, 'minsu')
      expect([response.status, errorBodySchema.parse(await json(response)).error.code]).toEqual([
        404,
        'CONVERSATION_NOT_FOUND',
      ])
    }
    expect((await ask('안녕', { conversationId }, 'minsu')).status).toBe(404)
    const deleted = await fetch(`${base}/api/v1/conversations/${conversationId}`, {
      method: 'DELETE',
      headers: as('minsu'),
    })
    expect(deleted.status).toBe(404)
    expect((await get(`/api/v1/conversations/${conversationId}`)).status).toBe(200)
  })

  test.each([
    ['', 400, 'QUESTION_EMPTY'],
    [' \n ', 400, 'QUESTION_EMPTY'],
    ['가'.repeat(10_000), 400, 'QUESTION_TOO_LONG'],
    ['매출\u0000\u001b[2J', 400, 'QUESTION_UNREADABLE'],
  ])('bad text %#', async (text, status, code) => {
    const reply = await ask(text)
    expect([reply.status, errorBodySchema.parse(reply.body).error.code]).toEqual([status, code])
  })

  test('the ERP being down is told with its status, and the question stays', async () => {
    const { conversationId } = replyOf(await ask('안녕'))
    answerQuery = async () => Promise.reject(new AppError(spec('ERP_UNAVAILABLE', 'unavailable')))
    const reply = await ask('이번 달 매출', { conversationId })
    expect([reply.status, errorBodySchema.parse(reply.body).error.code]).toEqual([503, 'ERP_UNAVAILABLE'])
    const read = await (await get(`/api/v1/conversations/${conversationId}`)).json()
    expect(envelopeOf(conversationSchema).parse(read).body.turns[1]).toMatchObject({
      question: '이번 달 매출',
      answer: { kind: 'failed', errorCode: 'ERP_UNAVAILABLE' },
    })
  })

  test('the API document describes every route, files too', async () => {
    const { paths } = await json(await fetch(`${base}/openapi.json`))
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/api/v1/chat/messages', '/api/v1/conversations/{id}', '/api/v1/suggestions']),
    )
    const file = paths['/api/v1/conversations/{id}/turns/{turnId}/export'].get.responses
    expect(Object.keys(file['200'].content)).toEqual([
      expect.stringContaining('text/csv'),
      expect.stringContaining('spreadsheetml'),
    ])
    expect(Object.keys(file)).toEqual(expect.arrayContaining(['400', '401', '403', '404', '409', '429', '500', '503']))
  })

  test('six suggestions in the language asked for', async () => {
    const { body } = await json(await get('/api/v1/suggestions?language=en'))
    expect(body.prompts).toHaveLength(6)
    expect(JSON.stringify(body.prompts)).not.toMatch(/[가-힣]/)
  })

  test('a bad cursor is told', async () => {
    expect((await get('/api/v1/conversations?after=zzz')).status).toBe(400)
  })

  test('times and kinds are counted', async () => {
    await ask('이번 달 매출')
    const text = await metrics.registry.metrics()
    expect(text).toContain('chat_answers_total{kind="answered"} 1')
    expect(text).toContain('chat_step_duration_seconds_count{step="erp"} 1')
  })
})

describe('files', () => {
  const rows = [
    { vendor: '=HYPERLINK("http://evil")', amount: '1234567.89', date: '2026-11-02', status: 'open' },
    { vendor: '가나, "다"', amount: '-12345678901234567890', date: '2026-11-03', status: 'received' },
    { vendor: '+82', amount: null, date: null, status: 'gone' },
  ]
  async function fetchFile(format: string) {
    answerQuery = async ({ query }) =>
      answerOf(query, rows, { columns: answerOf(query, []).columns.filter(({ name }) => name in (rows[0] ?? {})) })
    const { conversationId, turn } = replyOf(await ask('발주 목록'))
    return get(`/api/v1/conversations/${conversationId}/turns/${turn.turnId}/export?format=${format}`)
  }

  test('a CSV has a byte order mark, exact values and no formulas', async () => {
    const response = await fetchFile('csv')
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(response.headers.get('content-disposition')).toContain(
      `filename*=UTF-8''${encodeURIComponent('발주_2026-11-23.csv')}`,
    )
    const bytes = Buffer.from(await response.arrayBuffer())
    expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf')
    expect(bytes.toString('utf8').slice(1).trim().split('\r\n')).toEqual([
      '공급업체,발주금액 (원),발주일,상태',
      `"'=HYPERLINK(""http://evil"")",1234567.89,2026-11-02,미입고`,
      '"가나, ""다""",-12345678901234567890,2026-11-03,입고',
      `"'+82",,,gone`,
    ])
    expect(audited.at(-1)).toMatchObject({ action: 'chat.export', outcome: 'ok', details: { rows: 3, format: 'csv' } })
  })

  test('a workbook holds numbers as numbers, long ones exactly, and says what it is', async () => {
    const response = await fetchFile('xlsx')
    expect(response.headers.get('content-type')).toContain('spreadsheetml')
    const text = readZip(Buffer.from(await response.arrayBuffer()))
    expect(text).toContain('<v>1234567.89</v>')
    expect(text).toContain('-12345678901234567890')
    expect(text).toContain('발주 목록')
    expect(text).toContain('ERP 실시간 · 14:32 기준')
  })

  test('rights are those of now', async () => {
    const { conversationId, turn } = replyOf(await ask('미지급금'))
    const response = await get(`/api/v1/conversations/${conversationId}/turns/${turn.turnId}/export`)
    expect([response.status, (await json(response)).error.code]).toEqual([403, 'EXPORT_NOT_ALLOWED'])
    expect(audited.at(-1)).toMatchObject({ action: 'chat.export', outcome: 'refused' })
  })

  test('small talk has no file, and too many rows are refused', async () => {
    const { conversationId, turn } = replyOf(await ask('안녕'))
    expect((await get(`/api/v1/conversations/${conversationId}/turns/${turn.turnId}/export`)).status).toBe(409)
    const list = replyOf(await ask('발주 목록'))
    answerQuery = async ({ query }) => answerOf(query, rows, { completeness: { kind: 'first', of: 50_001 } })
    const response = await get(`/api/v1/conversations/${list.conversationId}/turns/${list.turn.turnId}/export`)
    expect([response.status, (await json(response)).error.code]).toEqual([400, 'EXPORT_TOO_BIG'])
  })
})

describe('over the WebSocket', () => {
  async function open(name = 'somi') {
    const socket = new WebSocket(`${base.replace('http', 'ws')}/api/v1/chat`, { headers: as(name) })
    const frames: ServerFrame[] = []
    const waiting = new Set<() => void>()
    socket.on('message', (data) => {
      frames.push(envelopeOf(serverFrameSchema).parse(JSON.parse(data.toString())).body)
      for (const check of waiting) check()
    })
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    const until = (isDone: (frames: ServerFrame[]) => boolean) =>
      new Promise<void>((resolve) => {
        const check = () => {
          if (!isDone(frames)) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      })
    const send = (frame: unknown) =>
      socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame))
    const closed = new Promise<number>((resolve) => socket.once('close', resolve))
    return { socket, frames, until, send, closed }
  }
  const about = (requestId: string, type: string) => (frames: ServerFrame[]) =>
    frames.some((frame) => frame.type === type && frame.requestId === requestId)

  test('a question is accepted, understood and answered, in this order', async () => {
    const chat = await open()
    chat.send({ type: 'ask', requestId: 'r1', text: '이번 달 매출' })
    await chat.until(about('r1', 'answer'))
    expect(chat.frames.map(({ type }) => type)).toEqual(['accepted', 'understood', 'answer'])
    const answer = chat.frames.at(-1)
    expect(answer).toMatchObject({ turn: { answer: { text: '이번 달 매출은 **1만 원**이에요.' } } })
    chat.socket.close()
  })

  test('typing shows chips and keeps nothing', async () => {
    const chat = await open('minsu')
    const before = (await json(await get('/api/v1/conversations', 'minsu'))).body.conversations.length
    for (const text of ['이', '이번 달', '이번 달 매출']) chat.send({ type: 'typing', requestId: `t-${text}`, text })
    await chat.until((frames) =>
      frames.some((frame) => frame.type === 'understood' && frame.requestId === 't-이번 달 매출'),
    )
    expect(chat.frames.at(-1)).toMatchObject({
      partial: true,
      chips: expect.arrayContaining([expect.objectContaining({ value: '매출액' })]),
    })
    expect((await json(await get('/api/v1/conversations', 'minsu'))).body.conversations).toHaveLength(before)
    expect(audited).toEqual([])
    chat.socket.close()
  })

  test.each([
    ['not json', null, 'FRAME_UNREADABLE'],
    [Buffer.from([1, 2, 3]), null, 'FRAME_UNREADABLE'],
    ['[]', null, 'FRAME_UNREADABLE'],
    [{ type: 'dance', requestId: 'x' }, 'x', 'FRAME_UNREADABLE'],
    [{ type: 'ask', requestId: 'x' }, 'x', 'FRAME_UNREADABLE'],
    [{ type: 'ask', requestId: 'x', text: '' }, 'x', 'QUESTION_EMPTY'],
    [{ type: 'ask', requestId: 'x', text: '가'.repeat(10_000) }, 'x', 'QUESTION_TOO_LONG'],
    [{ type: 'typing', requestId: 'x', text: 'a'.repeat(2_000) }, 'x', 'QUESTION_TOO_LONG'],
    [
      { type: 'ask', requestId: 'x', text: '안녕', conversationId: '7f0c24f6-7df1-4a4e-9d0e-000000000000' },
      'x',
      'CONVERSATION_NOT_FOUND',
    ],
  ])('what cannot be read gets an error frame and the socket goes on: %#', async (frame, requestId, code) => {
    const chat = await open()
    chat.send(frame)
    await chat.until((frames) => frames.some(({ type }) => type === 'error'))
    expect(chat.frames[0]).toMatchObject({ type: 'error', requestId, error: { code } })
    chat.send({ type: 'ask', requestId: 'after', text: '안녕' })
    await chat.until(about('after', 'answer'))
    chat.socket.close()
  })

  test('a fifth question at once is refused, and the four are answered', async () => {
    const gate = Promise.withResolvers<void>()
    answerQuery = async (query, signal) => {
      await gate.promise
      return answerTenThousand(query, signal)
    }
    const chat = await open()
    for (let i = 1; i <= 5; i += 1) chat.send({ type: 'ask', requestId: `r${i}`, text: '느린 질문' })
    await chat.until(about('r5', 'error'))
    expect(chat.frames.find(({ type }) => type === 'error')).toMatchObject({ error: { code: 'TOO_MANY_QUESTIONS' } })
    gate.resolve()
    await chat.until((frames) => frames.filter(({ type }) => type === 'answer').length === 4)
    chat.socket.close()
  })

  test('a second socket is no second allowance; another person has their own', async () => {
    const gate = Promise.withResolvers<void>()
    answerQuery = async (query, signal) => {
      await gate.promise
      return answerTenThousand(query, signal)
    }
    const [first, second, other] = [await open(), await open(), await open('minsu')]
    for (let i = 1; i <= 4; i += 1) first.send({ type: 'ask', requestId: `r${i}`, text: '느린 질문' })
    await first.until((frames) => frames.filter(({ type }) => type === 'accepted').length === 4)
    for (const chat of [second, other]) chat.send({ type: 'ask', requestId: 'more', text: '느린 질문' })
    await second.until(about('more', 'error'))
    await other.until(about('more', 'accepted'))
    gate.resolve()
    await first.until((frames) => frames.filter(({ type }) => type === 'answer').length === 4)
    for (const chat of [first, second, other]) chat.socket.close()
  })

  test('what is asked in another’s conversation is refused, and on record', async () => {
    const { conversationId } = replyOf(await ask('안녕'))
    audited = []
    const chat = await open('minsu')
    chat.send({ type: 'ask', requestId: 'r', text: '안녕', conversationId })
    await chat.until(about('r', 'error'))
    chat.send({ type: 'ask', requestId: 'after', text: '안녕' })
    await chat.until(about('after', 'answer'))
    expect(audited).toMatchObject([
      { actorId: 'minsu', action: 'chat.ask', outcome: 'refused', details: { errorCode: 'CONVERSATION_NOT_FOUND' } },
      { actorId: 'minsu', action: 'chat.ask', outcome: 'ok' },
    ])
    chat.socket.close()
  })

  test('of a flood that is refused, the first is on record', async () => {
    const chat = await open('minsu')
    audited = []
    for (let n = 0; n < 5; n++) chat.send('not json')
    await chat.until((frames) => frames.filter(({ type }) => type === 'error').length === 5)
    expect(audited.filter(({ details }) => details.errorCode === 'FRAME_UNREADABLE')).toHaveLength(1)
    chat.socket.close()
  })

  test('closing the socket ends what it asked', async () => {
    const asked = Promise.withResolvers<AbortSignal>()
    answerQuery = async (_, signal) => {
      asked.resolve(signal)
      return new Promise(() => undefined)
    }
    const chat = await open()
    chat.send({ type: 'ask', requestId: 'r', text: '느린 질문' })
    const signal = await asked.promise
    const ended = new Promise((resolve) => signal.addEventListener('abort', resolve))
    chat.socket.terminate()
    await ended
  })

  test('a failure is an error frame about its question', async () => {
    answerQuery = async () => Promise.reject(new AppError(spec('ERP_TIMEOUT', 'unavailable')))
    const chat = await open()
    chat.send({ type: 'ask', requestId: 'r', text: 'sales this month', language: 'en' })
    await chat.until(about('r', 'error'))
    expect(chat.frames.at(-1)).toMatchObject({
      requestId: 'r',
      error: { code: 'ERP_TIMEOUT', message: 'ERP_TIMEOUT sentence' },
    })
    chat.socket.close()
  })

  test('without a token there is no socket, and an ended sign-in closes it with 4401', async () => {
    await expect(open('nobody')).rejects.toThrow('401')
    const chat = await open('minsu')
    revoked.add('minsu')
    chat.send({ type: 'ask', requestId: 'r', text: '안녕' })
    expect(await chat.closed).toBe(4401)
    expect(chat.frames).toMatchObject([{ type: 'error', error: { code: 'TOKEN_EXPIRED' } }])
  })

  test('a socket on which nothing is asked is closed within five seconds of the end of its sign-in', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const chat = await open('minsu')
    revoked.add('minsu')
    oldest.length = 0
    vi.advanceTimersByTime(4_000)
    expect(await chat.closed).toBe(4401)
    // What is known of a caller may be that old already.
    expect(oldest).toEqual([1_000])
  })
})

/** The texts of all files in a zip, which is what a workbook is. */
function readZip(zip: Buffer): string {
  const texts: string[] = []
  for (let at = zip.indexOf('PK\u0001\u0002'); at >= 0; at = zip.indexOf('PK\u0001\u0002', at + 4)) {
    const [method, size, local] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 42)]
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const data = zip.subarray(start, start + size)
    texts.push((method === 8 ? inflateRawSync(data) : data).toString('utf8'))
  }
  return texts.join('\n')
}
