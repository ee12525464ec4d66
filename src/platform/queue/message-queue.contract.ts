import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import type { Database } from '../database.ts'
import type { Envelope } from '../envelope.ts'
import { currentTrace, newTrace, runInTrace } from '../trace.ts'
import { type Delivery, defineQueue, defineTopic, type MessageQueue, type Queue, Rejected } from './message-queue.ts'

type Body = { number: number }
type Opened = {
  queue: MessageQueue
  database: Database
  /** Another process's view of the same queues. */
  openAnother: () => Promise<MessageQueue>
  close: () => Promise<void>
}

const patience = { timeout: 20_000, interval: 20 }

/** What every message queue must do. `open` gives one that knows the queues, with nothing in them. */
export function describeMessageQueue(name: string, open: (queues: Queue[]) => Promise<Opened>): void {
  describe(`${name} as a message queue`, () => {
    const unique = randomUUID().slice(0, 8)
    const topic = defineTopic<Body>(`orders.${unique}`, z.object({ number: z.number() }))
    const retry = { limit: 2, firstSeconds: 1, longestSeconds: 1 }
    const work = defineQueue(topic, { retry, timeoutSeconds: 5 })
    const copies = defineQueue(topic, { name: `copies.${unique}` })
    let opened: Opened
    let queue: MessageQueue

    beforeEach(async () => {
      opened = await open([work as Queue, copies as Queue])
      queue = opened.queue
    })
    afterEach(async () => await opened.close())

    /** Consumes from now on and answers what was delivered; `act` may throw. */
    const consume = async (act: (delivery: Delivery<Body>) => Promise<void> = async () => undefined, prefetch = 10) => {
      const deliveries: Delivery<Body>[] = []
      const consumer = await queue.consume(work, { prefetch, drainMs: 500 }, async (delivery) => {
        deliveries.push(delivery)
        await act(delivery)
      })
      return { deliveries, consumer }
    }
    const numbersOf = (deliveries: Delivery<Body>[]) => deliveries.map(({ message }) => message.body.number).sort()
    const depthOf = async (which: Queue<Body>) => (await queue.depths()).find((one) => one.queue === which.name)
    const range = (count: number) => Array.from({ length: count }, (_, index) => index)

    test('what is published arrives once in each queue of the topic, in an envelope', async () => {
      const copied: number[] = []
      await queue.consume(copies, { prefetch: 5 }, async ({ message }) => void copied.push(message.body.number))
      const { deliveries } = await consume()
      const ids = await Promise.all(range(50).map((number) => queue.publish(topic, { number })))
      await vi.waitFor(() => expect([deliveries.length, copied.length]).toEqual([50, 50]), patience)
      expect(numbersOf(deliveries)).toEqual(range(50).sort())
      expect(new Set(deliveries.map(({ message }) => message.header.messageId))).toEqual(new Set(ids))
      const [{ message, deliveryCount, isLast }] = deliveries as [Delivery<Body>]
      expect(message.header).toMatchObject({ source: 'erp-chatbot', destination: topic.name })
      expect([deliveryCount, isLast]).toEqual([1, false])
      await vi.waitFor(async () => expect(await depthOf(work)).toEqual({ ...empty, queue: work.name }), patience)
    })

    test('what does not fit the topic is not published', async () => {
      await expect(queue.publish(topic, { number: 'x' } as unknown as Body)).rejects.toThrow('expected number')
      expect(await depthOf(work)).toMatchObject({ ready: 0, delayed: 0 })
    })

    test('a handler runs in the trace of who published', async () => {
      let seen = ''
      await consume(async () => {
        seen = currentTrace().traceId
      })
      const trace = newTrace()
      await runInTrace(trace, () => queue.publish(topic, { number: 1 }))
      await vi.waitFor(() => expect(seen).toBe(trace.traceId), patience)
    })

    test('what is published in a transaction arrives when it commits, and never when it rolls back', async () => {
      const { deliveries } = await consume()
      const { kysely } = opened.database
      const rolledBack = kysely.transaction().execute(async (within) => {
        await queue.publish(topic, { number: 1 }, { within })
        throw new Error('no')
      })
      await expect(rolledBack).rejects.toThrow('no')
      await kysely.transaction().execute(async (within) => {
        await queue.publish(topic, { number: 2 }, { within })
        await new Promise((done) => setTimeout(done, 700))
        expect(deliveries).toEqual([])
      })
      await vi.waitFor(() => expect(numbersOf(deliveries)).toEqual([2]), patience)
    })

    test('messages of one idempotency key take effect once', async () => {
      let effects = 0
      const ran: boolean[] = []
      await consume(async ({ runOnce }) => {
        ran.push(
          await runOnce(async () => {
            effects += 1
          }),
        )
      })
      const publish = () => queue.publish(topic, { number: 1 }, { idempotencyKey: 'order 1' })
      const ids = [await publish(), await publish()]
      await queue.publish(topic, { number: 2 }, { idempotencyKey: 'order 2' })
      await vi.waitFor(() => expect(effects).toBe(2), patience)
      await vi.waitFor(async () => expect(await depthOf(work)).toMatchObject({ ready: 0, delayed: 0 }), patience)
      expect(ids[0]).toBe(ids[1])
      expect(ran.filter(Boolean)).toHaveLength(2)
    })

    test('an effect that failed is taken back, and comes about with a later delivery', async () => {
      await sql`create table if not exists effects (number integer)`.execute(opened.database.kysely)
      await consume(async ({ message, deliveryCount, runOnce }) => {
        await runOnce(async (transaction) => {
          await sql`insert into effects values (${message.body.number})`.execute(transaction)
          if (deliveryCount === 1) throw new Error('after the effect')
        })
      })
      await queue.publish(topic, { number: 7 })
      const read = async () => (await sql`select number from effects`.execute(opened.database.kysely)).rows
      await vi.waitFor(async () => expect(await read()).toEqual([{ number: 7 }]), patience)
    })

    test('what fails is delivered again, a limited number of times, and is then a dead letter', async () => {
      const { deliveries } = await consume(async () => {
        throw new Error('no such printer')
      })
      const id = await queue.publish(topic, { number: 1 })
      const list = () => queue.deadLetters.list({ queue: work.name, limit: 10 })
      await vi.waitFor(async () => expect(await list()).toHaveLength(1), patience)
      expect(deliveries.map(({ deliveryCount, isLast }) => [deliveryCount, isLast])).toEqual([
        [1, false],
        [2, false],
        [3, true],
      ])
      const [letter] = await list()
      expect(letter).toMatchObject({ queue: work.name, reason: 'no such printer', deliveries: 3 })
      expect((letter!.message as Envelope<Body>).header.messageId).toBe(id)
      expect(await depthOf(work)).toMatchObject({ ready: 0, delayed: 0, dead: 1 })
    })

    test('a dead letter can be replayed, or discarded', async () => {
      let isBroken = true
      const { deliveries } = await consume(async () => {
        if (isBroken) throw new Rejected('not like this')
      })
      await queue.publish(topic, { number: 1 })
      await queue.publish(topic, { number: 2 })
      const list = () => queue.deadLetters.list({ queue: work.name, limit: 10 })
      await vi.waitFor(async () => expect(await list()).toHaveLength(2), patience)
      expect(deliveries).toHaveLength(2)
      isBroken = false
      const letters = await list()
      const idOf = (number: number) =>
        letters.filter(({ message }) => (message as Envelope<Body>).body.number === number).map(({ id }) => id)
      expect(await queue.deadLetters.discard(idOf(1))).toBe(1)
      expect(await queue.deadLetters.replay(idOf(2))).toBe(1)
      expect(await queue.deadLetters.replay(idOf(2))).toBe(0)
      await vi.waitFor(() => expect(deliveries).toHaveLength(3), patience)
      expect(deliveries[2]).toMatchObject({ deliveryCount: 1, message: { body: { number: 2 } } })
      expect(await list()).toEqual([])
    })

    test('dead letters are counted, looked at page by page, and found by what they are about', async () => {
      await consume(async () => {
        throw new Rejected('not like this')
      })
      const before = Date.now()
      for (const number of range(3)) await queue.publish(topic, { number })
      const { list, read, counts } = queue.deadLetters
      await vi.waitFor(async () => expect(await list({ queue: work.name, limit: 10 })).toHaveLength(3), patience)
      const all = await list({ queue: work.name, limit: 10 })
      const [first] = await list({ limit: 1 })
      expect(first).toEqual(all[0])
      expect(await list({ limit: 10, after: { at: first!.diedAt, id: first!.id } })).toEqual(all.slice(1))
      expect(await read(first!.id)).toEqual(first)
      expect(await read(randomUUID())).toBeUndefined()
      const [count] = await counts()
      expect(count).toMatchObject({ queue: work.name, count: 3, oldestAt: first!.diedAt })
      expect(Math.abs(count!.oldestAt.getTime() - before)).toBeLessThan(60_000)
      expect(await list({ body: { number: '1' }, limit: 10 })).toEqual([])
      const { messageId } = (all[1]!.message as Envelope<Body>).header
      await sql`update queue_dead_letters set message = jsonb_set(message, '{body,email}', '"e-1"')
        where message_id = ${messageId}`.execute(opened.database.kysely)
      expect((await list({ body: { email: 'e-1' }, limit: 10 })).map(({ id }) => id)).toEqual([all[1]!.id])
    })

    test('a dead letter is replayed or discarded when the caller’s transaction commits, and stays when it does not', async () => {
      let isBroken = true
      const { deliveries } = await consume(async () => {
        if (isBroken) throw new Rejected('not like this')
      })
      await queue.publish(topic, { number: 1 })
      const list = () => queue.deadLetters.list({ queue: work.name, limit: 10 })
      await vi.waitFor(async () => expect(await list()).toHaveLength(1), patience)
      isBroken = false
      const ids = (await list()).map(({ id }) => id)
      const { kysely } = opened.database
      for (const act of [queue.deadLetters.replay, queue.deadLetters.discard]) {
        const undone = kysely.transaction().execute(async (transaction) => {
          expect(await act(ids, transaction)).toBe(1)
          throw new Error('undone')
        })
        await expect(undone).rejects.toThrow('undone')
        expect(await list()).toHaveLength(1)
      }
      expect(deliveries).toHaveLength(1)
      await kysely.transaction().execute((transaction) => queue.deadLetters.replay(ids, transaction))
      await vi.waitFor(() => expect(deliveries).toHaveLength(2), patience)
    })

    test('what is no message of ours becomes a dead letter that can be replayed all the same', async () => {
      await consume()
      const { kysely } = opened.database
      await sql`insert into queue_dead_letters (queue, message_id, message, reason, deliveries)
        values (${work.name}, 'x', '"nonsense"', 'no message', 1)`.execute(kysely)
      const list = () => queue.deadLetters.list({ queue: work.name, limit: 10 })
      const [letter] = await list()
      expect(await queue.deadLetters.replay([letter!.id])).toBe(1)
      await sql`insert into queue_dead_letters (queue, message_id, message, reason, deliveries)
        values ('gone', 'x', '{}', 'no such queue', 1)`.execute(kysely)
      const [orphan] = await queue.deadLetters.list({ queue: 'gone', limit: 10 })
      expect(await queue.deadLetters.replay([orphan!.id])).toBe(0)
      expect(await queue.deadLetters.discard([orphan!.id])).toBe(1)
      await vi.waitFor(async () => expect((await list())[0]?.reason).toContain('Not a message of'), patience)
    })

    test('a scheduled message waits for its time, and holds up nothing', async () => {
      const { deliveries } = await consume()
      const deliverAt = new Date(Date.now() + 2_500)
      await queue.publish(topic, { number: 1 }, { deliverAt })
      await queue.publish(topic, { number: 2 })
      await vi.waitFor(() => expect(numbersOf(deliveries)).toEqual([2]), patience)
      // What was handed over a moment ago may still be in the outbox of a relay that has not committed.
      await vi.waitFor(async () => expect(await depthOf(work)).toMatchObject({ delayed: 1 }), patience)
      let arrivedAt = 0
      await vi.waitFor(() => {
        arrivedAt = Date.now()
        expect(numbersOf(deliveries)).toEqual([1, 2])
      }, patience)
      expect(arrivedAt).toBeGreaterThanOrEqual(deliverAt.getTime())
    })

    test('no more than the prefetch are in hand', async () => {
      let inHand = 0
      let most = 0
      let done = 0
      await consume(async () => {
        most = Math.max(most, ++inHand)
        await new Promise((resolve) => setTimeout(resolve, 30))
        inHand -= 1
        done += 1
      }, 3)
      await Promise.all(range(20).map((number) => queue.publish(topic, { number })))
      await vi.waitFor(() => expect(done).toBe(20), patience)
      expect(most).toBe(3)
    })

    test('two consumers share the messages', async () => {
      const another = await opened.openAnother()
      const seen = { here: [] as number[], there: [] as number[] }
      const slowly =
        (list: number[]) =>
        async ({ message }: Delivery<Body>) => {
          list.push(message.body.number)
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
      await queue.consume(work, { prefetch: 2 }, slowly(seen.here))
      await another.consume(work, { prefetch: 2 }, slowly(seen.there))
      await Promise.all(range(40).map((number) => queue.publish(topic, { number })))
      await vi.waitFor(() => expect(seen.here.length + seen.there.length).toBe(40), patience)
      expect([...seen.here, ...seen.there].sort()).toEqual(range(40).sort())
      expect(seen.there.length).toBeGreaterThan(0)
      expect(seen.here.length).toBeGreaterThan(0)
      await another.close()
    })

    test('closing waits for what is in hand, and what is not finished then is delivered again', async () => {
      const quick = Promise.withResolvers<void>()
      const { deliveries, consumer } = await consume(async ({ message, signal }) => {
        if (message.body.number === 1) return await quick.promise
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      })
      await queue.publish(topic, { number: 1 })
      await queue.publish(topic, { number: 2 })
      await vi.waitFor(() => expect(deliveries).toHaveLength(2), patience)
      const closing = consumer.close()
      quick.resolve()
      await closing
      await queue.publish(topic, { number: 3 })
      const later = await consume()
      await vi.waitFor(() => expect(numbersOf(later.deliveries)).toEqual([2, 3]), patience)
      expect(deliveries).toHaveLength(2)
    })

    test('a handler that takes too long has failed', async () => {
      const slow = defineQueue(topic, { ...work, timeoutSeconds: 1 })
      const aborted: boolean[] = []
      let isStuck = true
      await queue.consume(slow, { prefetch: 1 }, async ({ signal, message }) => {
        if (!isStuck || message.body.number !== 1) return
        isStuck = false
        await new Promise<void>((done) => signal.addEventListener('abort', () => done()))
        aborted.push(true)
        await new Promise(() => undefined)
      })
      await queue.publish(topic, { number: 1 })
      await vi.waitFor(() => expect(aborted).toEqual([true]), patience)
      await vi.waitFor(
        async () => expect(await depthOf(work)).toMatchObject({ ready: 0, delayed: 0, dead: 0 }),
        patience,
      )
    })

    test('depth and age of what waits are known', async () => {
      await queue.publish(topic, { number: 1 })
      await vi.waitFor(async () => expect(await depthOf(work)).toMatchObject({ ready: 1 }), patience)
      await new Promise((done) => setTimeout(done, 1_000))
      const { oldestSeconds } = (await depthOf(work))!
      expect(oldestSeconds).toBeGreaterThan(0.9)
      await expect(queue.checkReady()).resolves.toBeUndefined()
    })
  })
}

const empty = { ready: 0, delayed: 0, dead: 0 }
