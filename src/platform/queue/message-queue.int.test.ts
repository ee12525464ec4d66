import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Connection } from 'rabbitmq-client'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { hasRabbitmq, startRabbitmq, type TestRabbitmq } from '../../../test/support/rabbitmq.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { createLogger } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { describeMessageQueue } from './message-queue.contract.ts'
import { createPostgresQueue } from './message-queue.postgres.ts'
import { createRabbitmqQueue } from './message-queue.rabbitmq.ts'
import { defineQueue, defineTopic, type MessageQueue, type Queue } from './message-queue.ts'
import { exchange, queueNameOf } from './rabbitmq/topology.ts'

const log = createLogger({ level: 'silent', role: 'test' })
const patience = { timeout: 40_000, interval: 50 }
type Open = (db: TestDatabase, queues: readonly Queue[]) => Promise<MessageQueue>

const openPostgres: Open = ({ database }, queues) =>
  createPostgresQueue({ database, queues, log, metrics: createMetrics() })

/** For the contract: a database of its own, and whatever was opened on it closed. */
const openFor = (open: Open) => async (queues: Queue[]) => {
  const db = await createTestDatabase()
  const opened = [await open(db, queues)]
  const openAnother = async () => {
    const another = await open(db, queues)
    opened.push(another)
    return another
  }
  const close = async () => {
    for (const one of opened) await one.close()
    await db.drop()
  }
  return { queue: opened[0]!, database: db.database, openAnother, close }
}

describeMessageQueue('PostgreSQL', openFor(openPostgres))

const numbers = defineTopic('numbers', z.object({ number: z.number() }))
const queueOfNumbers = defineQueue(numbers, { retry: { limit: 3, firstSeconds: 1, longestSeconds: 1 } })

/** Consumes in a process of its own, which notes what it is about to do and then never ends with it; kills it at the first message. */
async function killConsumer(server: string, db: TestDatabase): Promise<void> {
  const script = fileURLToPath(import.meta.resolve('./consumer-process-fixture.ts'))
  const child = spawn(process.execPath, [script, server, db.url], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
}

describe('a consumer that is killed, on PostgreSQL', () => {
  test('leaves its message to another', async () => {
    await using db = await createTestDatabase()
    await using queue = await openPostgres(db, [queueOfNumbers])
    await queue.publish(numbers, { number: 5 })
    await killConsumer('', db)
    const counts: number[] = []
    await queue.consume(queueOfNumbers, { prefetch: 1 }, async ({ deliveryCount }) => void counts.push(deliveryCount))
    await vi.waitFor(() => expect(counts).toEqual([2]), patience)
  }, 60_000)
})

describe.skipIf(!hasRabbitmq)('RabbitMQ', () => {
  let server: TestRabbitmq
  beforeAll(async () => {
    server = await startRabbitmq()
  }, 90_000)
  afterAll(async () => await server?.stop())

  const openRabbitmq: Open = ({ database }, queues) =>
    createRabbitmqQueue({ url: server.url, database, queues, log, metrics: createMetrics() })

  describeMessageQueue('RabbitMQ', async (queues) => {
    // The server outlives a test; its queues must not.
    const admin = new Connection(server.url)
    admin.on('error', () => undefined)
    for (const { name } of queues) await admin.queueDelete(queueNameOf(name))
    await admin.close()
    return await openFor(openRabbitmq)(queues)
  })

  test('a consumer that is killed leaves its message to another', async () => {
    await using db = await createTestDatabase()
    await using queue = await openRabbitmq(db, [queueOfNumbers])
    await queue.publish(numbers, { number: 5 })
    await killConsumer(server.url, db)
    const counts: number[] = []
    await queue.consume(queueOfNumbers, { prefetch: 1 }, async ({ deliveryCount }) => void counts.push(deliveryCount))
    await vi.waitFor(() => expect(counts).toEqual([2]), patience)
  }, 60_000)

  test('a server that is killed and started again loses nothing, and is published to meanwhile', async () => {
    await using db = await createTestDatabase()
    await using queue = await openRabbitmq(db, [queueOfNumbers])
    const seen: number[] = []
    await queue.consume(queueOfNumbers, { prefetch: 5 }, async ({ message, runOnce }) => {
      await runOnce(async () => void seen.push(message.body.number))
      await new Promise((done) => setTimeout(done, 5))
    })
    const publish = async (from: number, to: number) => {
      for (let number = from; number < to; number++) await queue.publish(numbers, { number })
    }
    await publish(0, 100)
    // RabbitMQ 3.10 writes down who leads a new queue after five seconds; killed before, it does not find a leader again.
    await new Promise((done) => setTimeout(done, 7_000))
    await publish(100, 120)
    await server.kill()
    await publish(120, 150)
    await vi.waitFor(async () => await expect(queue.checkReady()).rejects.toThrow('out of reach'), patience)
    await server.start()
    await publish(150, 200)
    await vi.waitFor(() => expect(seen).toHaveLength(200), patience)
    expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, index) => index))
    await expect(queue.checkReady()).resolves.toBeUndefined()
  }, 90_000)

  test('another program takes a message, publishes one, and rejects one', async () => {
    await using db = await createTestDatabase()
    await using queue = await openRabbitmq(db, [queueOfNumbers])
    const foreign = new Connection(server.url)
    foreign.on('error', () => undefined)
    const id = await queue.publish(numbers, { number: 9 })
    const taken = await vi.waitFor(async () => {
      const message = await foreign.basicGet({ queue: queueNameOf('numbers'), noAck: true })
      expect(message).toBeDefined()
      return message!
    }, patience)
    expect([taken.contentType, taken.messageId, taken.body.body]).toEqual(['application/json', id, { number: 9 }])

    const seen: number[] = []
    await queue.consume(queueOfNumbers, { prefetch: 1 }, async ({ message }) => void seen.push(message.body.number))
    const send = foreign.createPublisher({ confirm: true })
    await send.send({ exchange, routingKey: 'numbers' }, { ...taken.body, body: { number: 10 } })
    await send.send({ exchange, routingKey: 'numbers' }, 'not a message')
    await send.send({ routingKey: 'erp-chatbot.dead' }, 'from who knows where')
    await vi.waitFor(() => expect(seen).toEqual([10]), patience)
    const reasons = async () =>
      (await queue.deadLetters.list({ limit: 10 })).map(({ queue: of, reason }) => [of, reason])
    await vi.waitFor(async () => expect(await reasons()).toHaveLength(2), patience)
    expect(await reasons()).toContainEqual(['numbers', expect.stringContaining('Not a message of numbers')])
    await send.close()
    await foreign.close()
  })
})
