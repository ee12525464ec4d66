import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type AuditLog, createAuditLog, describeCall } from '#audit'
import { createFieldCipher, createFileKeyService } from '#platform/encryption'
import { createLogger } from '#platform/log'
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { summaryTable } from './describe-summary.ts'
import { removeOldSummaries, writeSummaries } from './write-summaries.ts'

let ours: TestDatabase
let audit: AuditLog
let folder: string
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  ours = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'summary-'))
  const log = createLogger({ level: 'silent', role: 'test' })
  audit = createAuditLog(ours.database, log, createFieldCipher(createFileKeyService(join(folder, 'key'))))
})
afterEach(async () => {
  vi.useRealTimers()
  await ours.drop()
  await rm(folder, { recursive: true, force: true })
})

const call = (durationMs: number, status = 200, errorCode: string | null = null) =>
  describeCall({
    ...{ method: 'GET', route: '/api/v1/conversations', target: {}, ip: '203.0.113.7', actorId: null, traceId: 'x' },
    ...{ status, errorCode, durationMs },
  })
const question = (details: Record<string, unknown>) => ({
  ...{ actorId: null, action: 'chat.ask', outcome: 'ok' as const, ip: null },
  details: { intent: 'query', kind: 'number', source: 'live', durationMs: 40, errorCode: null, ...details },
})
const at = (text: string) => vi.setSystemTime(new Date(`2026-11-28T${text}Z`))
const readFacts = async (hour: string) => {
  const { rows } = await sql<{ facts: Record<string, unknown> }>`
    select facts from log_summaries where hour = ${new Date(`2026-11-28T${hour}Z`)} order by id`.execute(
    ours.database.kysely,
  )
  return rows.map(({ facts }) => facts)
}

test('an hour is summarized once it is over: calls by route and status, questions by intent, answer and source', async () => {
  at('10:59:59.9')
  await audit.record(call(999))
  at('11:00:00')
  for (let ms = 1; ms <= 100; ms += 1) await audit.record(call(ms))
  await audit.record(call(5, 404, 'NOT_FOUND'))
  await audit.record(call(7, 409, 'CONFLICT'))
  await audit.record(question({}))
  await audit.record(question({ kind: 'failed', source: null, errorCode: 'ERP_UNAVAILABLE' }))
  at('12:04:00')
  expect(await writeSummaries(ours.database, new Date())).toBe(1)
  at('12:05:00')
  expect(await writeSummaries(ours.database, new Date())).toBe(1)
  expect(await writeSummaries(ours.database, new Date())).toBe(0)
  expect(await readFacts('10:00:00')).toMatchObject([{ kind: 'route', count: 1, maxMs: 999 }])
  expect(await readFacts('11:00:00')).toEqual([
    {
      ...{ kind: 'route', route: 'GET /api/v1/conversations', status: '2xx', errors: {}, count: 100 },
      ...{ p50Ms: 50.5, p95Ms: 95.05, p99Ms: 99.01, maxMs: 100 },
    },
    expect.objectContaining({ status: '4xx', errors: { NOT_FOUND: 1, CONFLICT: 1 }, count: 2, p50Ms: 6 }),
    expect.objectContaining({
      kind: 'question',
      intent: 'query',
      answer: 'failed',
      source: 'none',
      errors: { ERP_UNAVAILABLE: 1 },
    }),
    expect.objectContaining({
      kind: 'question',
      intent: 'query',
      answer: 'number',
      source: 'live',
      errors: {},
      count: 1,
    }),
  ])
})

test('replicas summarize an hour once, and hours that were missed are made up for', async () => {
  at('03:30:00')
  await audit.record(call(1))
  at('08:30:00')
  await audit.record(call(2))
  at('11:10:00')
  const done = await Promise.all([1, 2, 3].map(() => writeSummaries(ours.database, new Date())))
  expect(done.reduce((sum, count) => sum + count)).toBe(8)
  expect(await readFacts('03:00:00')).toHaveLength(1)
  expect(await readFacts('08:00:00')).toHaveLength(1)
})

test('summaries are events of their hour, and go after three months', async () => {
  at('03:30:00')
  await audit.record(call(20, 500, 'INTERNAL'))
  at('05:10:00')
  await writeSummaries(ours.database, new Date())
  const [first] = await summaryTable(ours.database, 'default').readAfter(0, 10)
  expect(JSON.parse(first?.document.line ?? '')).toMatchObject({
    '@timestamp': '2026-11-28T03:00:00.000Z',
    'event.id': first?.document.id,
    'http.route': 'GET /api/v1/conversations',
    'erp_chatbot.summary.status': '5xx',
    'erp_chatbot.summary.count': 1,
    'erp_chatbot.summary.errorCount': 1,
  })
  await removeOldSummaries(ours.database, new Date(Date.now() + 89 * 86_400_000))
  expect(await readFacts('03:00:00')).toHaveLength(1)
  await removeOldSummaries(ours.database, new Date(Date.now() + 91 * 86_400_000))
  expect(await readFacts('03:00:00')).toHaveLength(0)
})
