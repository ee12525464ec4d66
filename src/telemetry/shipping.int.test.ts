import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type AuditLog, createAuditLog } from '#audit'
import { createFieldCipher, createFileKeyService } from '#platform/encryption'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { connectElasticsearch } from './elasticsearch/connect.ts'
import { type ElasticsearchSimulator, startElasticsearchSimulator } from './elasticsearch/elasticsearch-fixture.ts'
import { createElasticsearchOutput } from './elasticsearch/log-output.elasticsearch.ts'
import { openFilesOutput } from './files/log-output.files.ts'
import { createLogMetrics } from './log-metrics.ts'
import type { LogOutput } from './log-output.ts'
import { startShipping } from './ship-stream.ts'
import { auditTable } from './start-keeping-logs.ts'
import { dataStreamOf } from './streams.ts'

const log = createLogger({ level: 'silent', role: 'test' })
const auditStream = dataStreamOf('audit', 'default')
let ours: TestDatabase
let audit: AuditLog
let folder: string
let store: ElasticsearchSimulator
let output: LogOutput

beforeAll(async () => {
  ours = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'shipping-'))
  audit = createAuditLog(ours.database, log, createFieldCipher(createFileKeyService(join(folder, 'key'))))
  for (let number = 0; number < 1_200; number += 1) void audit.record(entry(number))
  await audit.record(entry(1_200))
})
afterAll(async () => {
  await ours.drop()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  await sql`delete from log_positions`.execute(ours.database.kysely)
  store = await startElasticsearchSimulator()
  const client = await connectElasticsearch({ urls: [store.url], requestMs: 500 })
  const metrics = createLogMetrics(createMetrics(), () => undefined)
  const bounds = { busyWaitMs: 5, closeMs: 200 }
  output = createElasticsearchOutput({
    client,
    namespace: 'default',
    metrics: () => metrics,
    tell: () => undefined,
    bounds,
  })
  return async () => {
    await output.close()
    await store.close()
  }
})

const entry = (number: number) => ({
  actorId: '4f3c1b0a-7e0f-4d5e-9a63-0d2a6c1f7a11',
  action: 'people.change',
  outcome: 'ok' as const,
  ip: '203.0.113.7',
  details: { number, note: '홍길동 010-1234-5678 hong@example.com' },
  personal: { name: '홍길동' },
})
const ship = (outputs: LogOutput[], paces: Parameters<typeof startShipping>[1] = {}) =>
  startShipping(
    { database: ours.database, tables: [auditTable(ours.database, 'default')], outputs, log, metrics: createMetrics() },
    { pageSize: 100, everyMs: 20, longestWaitMs: 50, ...paces },
  )
const sequencesOf = () => store.documentsOf(auditStream).map((document) => document['event.sequence'] as number)
const all = Array.from({ length: 1_201 }, (_, index) => index + 1)

test('every entry of the trail arrives once and in order, without an address and what is personal', async () => {
  await using shipping = ship([output])
  await shipping.now()
  expect(sequencesOf()).toEqual(all)
  const text = JSON.stringify(store.documentsOf(auditStream))
  expect(text).not.toMatch(/203\.0\.113|010-1234|hong@|sealed/)
  expect(store.documentsOf(auditStream)[0]).toMatchObject({
    'event.action': 'people.change',
    'event.outcome': 'success',
    'event.hash': expect.stringMatching(/^[\da-f]{64}$/),
    'user.id': '4f3c1b0a-7e0f-4d5e-9a63-0d2a6c1f7a11',
    'data_stream.dataset': 'erp_chatbot.audit',
  })
})

test('nothing is lost while the store is away, too busy and back; a repeat is the same document', async () => {
  store.fault = 'broken'
  await using shipping = ship([output])
  await shipping.now()
  expect(sequencesOf()).toEqual([])
  store.fault = undefined
  store.busyItems = 7
  await new Promise((resolve) => setTimeout(resolve, 100))
  store.busyItems = 0
  await vi.waitFor(() => expect([...sequencesOf()].sort((a, b) => a - b)).toEqual(all), { timeout: 10_000 })
  // A worker that died before it moved the position sends a page again.
  await sql`update log_positions set position = position - 50`.execute(ours.database.kysely)
  await shipping.now()
  expect(sequencesOf()).toHaveLength(all.length)
})

test('workers that ship at the same time take turns, and an output that fails holds up no other', async () => {
  const logs = await openFilesOutput(
    { folder: join(folder, 'logs'), fileBytes: 100_000, streamBytes: 1_000_000 },
    { metrics: createLogMetrics(createMetrics(), () => undefined), onFault: (error) => expect.fail(String(error)) },
  )
  store.fault = 'hang'
  await using one = ship([output, logs])
  await using other = ship([output, logs])
  await Promise.all([one.now(), other.now()])
  await vi.waitFor(async () => expect(await readSequences(join(folder, 'logs'))).toEqual(all), { timeout: 10_000 })
  store.fault = undefined
  await vi.waitFor(() => expect(sequencesOf()).toEqual(all), { timeout: 10_000 })
  await logs.close()
})

test('closing sends what happened until then', async () => {
  await using shipping = ship([output], { everyMs: 3_600_000 })
  await shipping[Symbol.asyncDispose]()
  expect(sequencesOf()).toEqual(all)
})

test('closing waits for a slow output for a bounded time, and leaves the rest to the next process', async () => {
  const taken: string[] = []
  const slow: LogOutput = {
    ...output,
    deliver: async (_stream, documents) => {
      await pause(20)
      taken.push(...documents.map(({ id }) => id))
    },
  }
  const shipping = ship([slow], { everyMs: 3_600_000, pageSize: 1, closeMs: 200 })
  await shipping[Symbol.asyncDispose]()
  expect(taken.length).toBeGreaterThan(0)
  expect(taken.length).toBeLessThan(all.length)

  await using next = ship([slow], { pageSize: 500 })
  await next.now()
  expect([taken.length, new Set(taken).size]).toEqual([all.length, all.length])
})

async function readSequences(logs: string): Promise<number[]> {
  const names = (await readdir(logs)).filter((name) => name.startsWith('audit-'))
  expect(names.length).toBeGreaterThan(2)
  const texts = await Promise.all(names.map((name) => readFile(join(logs, name), 'utf8')))
  const lines = texts.join('').trim().split('\n')
  return lines.map((line) => JSON.parse(line)['event.sequence'] as number).sort((a, b) => a - b)
}
