import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import type { AuditEntry } from '#audit'
import { AppError } from '#platform/errors'
import { createHttpServer, type HttpServer } from '#platform/http-server'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createPostgresQueue, defineQueue, defineTopic, type MessageQueue, type Queue, Rejected } from '#platform/queue'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { registerDeadLetters } from './index.ts'

const log = createLogger({ level: 'silent', role: 'test' })
const topic = defineTopic('orders', z.object({ order: z.uuid() }))
const orders = defineQueue(topic)
const denied = { code: 'DENIED', kind: 'forbidden', ko: '안 돼요.', en: 'No.' } as const
const acts: AuditEntry[] = []
let isAuditAway = false
let db: TestDatabase
let queue: MessageQueue
let server: HttpServer

beforeAll(async () => {
  db = await createTestDatabase()
  const { database } = db
  queue = await createPostgresQueue({ database, queues: [orders as Queue], log, metrics: createMetrics() })
  server = await createHttpServer({
    ...{ log, metrics: createMetrics(), publicUrl: 'http://localhost', readiness: {}, onCall: async () => undefined },
    guard: async (request, access) => {
      if (access !== 'notify' || request.headers.authorization !== 'hyerim') throw new AppError(denied)
    },
    limits: { perActor: 1e6, perAddress: 1e6 },
  } as Parameters<typeof createHttpServer>[0])
  registerDeadLetters(server, {
    ...{ database, deadLetters: queue.deadLetters, actorOf: () => ({ userId: 'hyerim' }) },
    audit: {
      recordWith: async (_, entry) => {
        if (isAuditAway) throw new Error('no audit')
        acts.push(entry)
      },
    },
  })
})
afterAll(async () => {
  await server.close()
  await queue.close()
  await db.drop()
})
beforeEach(async () => {
  acts.length = 0
  await sql`delete from queue_dead_letters`.execute(db.database.kysely)
})

async function call(method: 'GET' | 'POST', path: string, body?: object, as = 'hyerim') {
  const reply = await server.inject({
    ...{ method, url: `/api/v1/dead-letters${path}` },
    headers: { authorization: as, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { payload: JSON.stringify(body) }),
  })
  const { body: inner, error } = reply.json()
  return { status: reply.statusCode, body: inner, code: error?.code, text: reply.body }
}

/** Has messages die of `reason`. Answers what they were about. */
async function bury(count: number, reason = 'no such order'): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID())
  const consumer = await queue.consume(orders, { prefetch: 5 }, async () => {
    throw new Rejected(reason)
  })
  for (const order of ids) await queue.publish(topic, { order })
  await expect.poll(async () => (await call('GET', '/queues')).body.queues[0]?.letters, { timeout: 15_000 }).toBe(count)
  await consumer.close()
  return ids
}

async function consumeOne(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const consumer = await queue.consume(orders, { prefetch: 1 }, async ({ message }) => resolve(message.body.order))
  const order = await promise
  await consumer.close()
  return order
}

test('are listed page by page and counted by queue; one is shown without what is personal', async () => {
  await bury(3, 'minsu@hanbit.example is not known, call 010-1234-5678')
  const first = await call('GET', '?limit=2')
  expect(first.body.letters).toHaveLength(2)
  const second = await call('GET', `?limit=2&queue=orders&after=${first.body.next}`)
  expect(second.body.letters).toHaveLength(1)
  expect(second.body.next).toBeUndefined()
  expect((await call('GET', '?queue=others')).body.letters).toEqual([])
  expect(first.text).not.toMatch(/minsu|1234/)
  const [{ letter }] = first.body.letters
  await sql`update queue_dead_letters set message = jsonb_set(message, '{body,name}', '"김민수"') where id = ${letter}`.execute(
    db.database.kysely,
  )
  const shown = await call('GET', `/${letter}`)
  expect(shown.body).toMatchObject({
    ...{ letter, queue: 'orders', deliveries: 1, traceId: expect.stringMatching(/^[\da-f]{32}$/) },
    message: { header: { destination: 'orders' }, body: { order: expect.any(String), name: '•••' } },
  })
  expect(shown.text).not.toContain('김민수')
})

test('one is replayed, and dealt with by whoever consumes; a second time there is none', async () => {
  const [order] = await bury(1)
  const { letter } = (await call('GET', '')).body.letters[0]
  expect((await call('POST', `/${letter}/replay`)).body).toEqual({ done: 1, left: 0 })
  expect(await consumeOne()).toBe(order)
  expect(await call('POST', `/${letter}/replay`)).toMatchObject({ status: 404, code: 'DEAD_LETTER_UNKNOWN' })
  expect(acts).toMatchObject([
    { actorId: 'hyerim', action: 'dead-letter.replay', outcome: 'ok', details: { queue: 'orders', count: 1, letter } },
  ])
})

test('one is discarded for a reason, which is put on record; without it nothing happens', async () => {
  await bury(2)
  const { letter } = (await call('GET', '')).body.letters[0]
  expect((await call('POST', `/${letter}/discard`, {})).status).toBe(400)
  expect((await call('POST', `/${letter}/discard`, { reason: '  ' })).status).toBe(400)
  expect((await call('POST', `/${letter}/discard`, { reason: '주문이 지워졌어요' })).body).toEqual({ done: 1, left: 1 })
  expect(acts).toMatchObject([
    { action: 'dead-letter.discard', details: { letter }, personal: { reason: '주문이 지워졌어요' } },
  ])
})

test('one of a queue that is no more can only be discarded', async () => {
  await sql`insert into queue_dead_letters (queue, message_id, message, reason, deliveries)
    values ('gone', 'x', '{}', 'x', 1)`.execute(db.database.kysely)
  const { letter } = (await call('GET', '')).body.letters[0]
  expect(await call('POST', `/${letter}/replay`)).toMatchObject({ status: 409, code: 'DEAD_LETTER_QUEUE_GONE' })
  expect((await call('POST', '/replay', { queue: 'gone' })).body).toEqual({ done: 0, left: 1 })
  expect(acts).toEqual([])
  expect((await call('POST', `/${letter}/discard`, { reason: '대기열이 없어졌어요' })).body).toEqual({
    done: 1,
    left: 0,
  })
})

test('what cannot be put on record does not happen; nobody else may; a wrong place is told', async () => {
  await bury(1)
  const { letter } = (await call('GET', '')).body.letters[0]
  isAuditAway = true
  expect((await call('POST', `/${letter}/replay`)).status).toBe(500)
  isAuditAway = false
  expect((await call('GET', '')).body.letters).toHaveLength(1)
  for (const path of ['', '/queues', `/${letter}`])
    expect((await call('GET', path, undefined, 'minsu')).status).toBe(403)
  expect((await call('POST', `/${letter}/replay`, undefined, 'minsu')).status).toBe(403)
  expect(await call('GET', '?after=x')).toMatchObject({ status: 400, code: 'DEAD_LETTER_CURSOR_INVALID' })
  expect(await call('GET', `/${randomUUID()}`)).toMatchObject({ status: 404 })
})

test('all of a queue are dealt with, a thousand at a time, with one act on record each', async () => {
  await sql`insert into queue_dead_letters (queue, message_id, message, reason, deliveries)
    select 'orders', i::text, '{}', 'x', 1 from generate_series(1, 1001) i`.execute(db.database.kysely)
  const why = { queue: 'orders', reason: '시험' }
  expect((await call('POST', '/discard', why)).body).toEqual({ done: 1_000, left: 1 })
  expect((await call('POST', '/replay', { queue: 'orders' })).body).toEqual({ done: 1, left: 0 })
  expect((await call('POST', '/replay', { queue: 'orders' })).body).toEqual({ done: 0, left: 0 })
  expect(acts.map(({ action, details }) => [action, details.count])).toEqual([
    ['dead-letter.discard', 1_000],
    ['dead-letter.replay', 1],
  ])
})
