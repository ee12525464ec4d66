import { mkdtemp } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import type { Actor } from '#auth'
import type { AnswerQuery } from '#erp'
import { createFieldCipher, createFileKeyService } from '#platform/encryption'
import { envelopeOf } from '#platform/envelope'
import { AppError, type ErrorSpec } from '#platform/errors'
import { createHttpServer, type HttpServer } from '#platform/http-server'
import { createLogger } from '#platform/log'
import { createMetrics, type Metrics } from '#platform/metrics'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { askReplySchema } from './api.ts'
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

export const spec = (code: string, kind: ErrorSpec['kind']): ErrorSpec => ({
  code,
  kind,
  ko: `${code} 문장`,
  en: `${code} sentence`,
})
const people: Record<string, Actor> = { somi, minsu: { ...somi, userId: 'minsu', name: '김민수' } }
const log = createLogger({ level: 'silent', role: 'test' })

/** The server of one test: where it is, and what the test looks at or decides. */
export type ChatServer = {
  base: string
  server: HttpServer
  metrics: Metrics
  answerQuery: AnswerQuery
  revoked: Set<string>
  /** How old what the guard knew might be, by its calls. */
  oldest: (number | undefined)[]
  audited: Recorded[]
}

/** Before each test a chat server over a database of the file's own, for 안소미 and 김민수. */
export function useChatServer(): ChatServer {
  // Filled before each test.
  const at = {} as ChatServer
  let db: TestDatabase
  let keyFile: string
  beforeAll(async () => {
    db = await createTestDatabase()
    keyFile = join(await mkdtemp(join(tmpdir(), 'chat-')), 'key')
  })
  afterAll(() => db.drop())
  beforeEach(async () => {
    at.answerQuery = answerTenThousand
    at.revoked = new Set()
    at.oldest = []
    at.audited = []
    at.metrics = createMetrics()
    type Asked = { headers: { authorization?: string | undefined } }
    const guard = async (request: Asked, _?: string, oldestMs?: number) => {
      at.oldest.push(oldestMs)
      const name = request.headers.authorization?.replace('Bearer ', '') ?? ''
      if (!people[name]) throw new AppError(spec('TOKEN_MISSING', 'unauthenticated'))
      if (at.revoked.has(name)) throw new AppError(spec('TOKEN_EXPIRED', 'unauthenticated'))
    }
    at.server = await createHttpServer({
      log,
      metrics: at.metrics,
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
      answerQuery: (query, signal) => at.answerQuery(query, signal),
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
          at.audited.push(entry)
        },
      },
      metrics: at.metrics,
      log,
      now: () => new Date('2026-11-23T05:32:00Z'),
    })
    chat.registerRoutes(at.server)
    await at.server.listen({ host: '127.0.0.1', port: 0 })
    at.base = `http://127.0.0.1:${(at.server.server.address() as AddressInfo).port}`
  })
  afterEach(() => at.server.close())
  return at
}

export const as = (name: string, more: Record<string, string> = {}) => ({ authorization: `Bearer ${name}`, ...more })

export async function ask(at: ChatServer, text: string, more: Record<string, unknown> = {}, name = 'somi') {
  const headers = as(name, { 'content-type': 'application/json', 'accept-language': 'ko' })
  const response = await fetch(`${at.base}/api/v1/chat/messages`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ text, ...more }),
  })
  return { status: response.status, body: await response.json() }
}
export const replyOf = ({ body }: { body: unknown }) => envelopeOf(askReplySchema).parse(body).body
export const get = async (at: ChatServer, path: string, name = 'somi') => fetch(at.base + path, { headers: as(name) })
// biome-ignore lint/suspicious/noExplicitAny: replies whose shape the test itself asserts
export const json = async (response: Response): Promise<any> => response.json()
