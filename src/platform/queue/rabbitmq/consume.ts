import { setTimeout as wait } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { type AsyncMessage, type Connection, ConsumerStatus } from 'rabbitmq-client'
import type { Logger } from '../../log.ts'
import { buryMessage } from '../dead-letters.ts'
import type { Received, Verdict } from '../deliver.ts'
import type { Consumer } from '../message-queue.ts'
import { storeInOutbox } from '../outbox.ts'
import { deadQueueName, queueNameOf, topologyOf } from './topology.ts'

type Deps = { connection: Connection; log: Logger }

type Receiving = {
  queue: string
  topology: ReturnType<typeof topologyOf>
  prefetch: number
  drainMs?: number | undefined
  /** Deals with a message and sees to what comes next; the message is acknowledged when it resolves. */
  work: (received: Received, publishedAt: Date | undefined, closing: AbortSignal) => Promise<void>
}

/** Before a message is given back of which could not even be noted that it failed: PostgreSQL is away. */
const giveBackMs = 1_000

/** Takes messages from a queue, `prefetch` at a time, on a channel of its own that comes back with the connection. */
export function receive(
  { connection, log }: Deps,
  { queue, topology, prefetch, drainMs = 20_000, work }: Receiving,
): Consumer {
  const closing = new AbortController()
  const consumer = connection.createConsumer(
    {
      queue,
      queueOptions: topology.queues.find((one) => one.queue === queue) ?? { queue, passive: true },
      exchanges: topology.exchanges,
      queueBindings: topology.queueBindings.filter((one) => one.queue === queue),
      qos: { prefetchCount: prefetch },
      concurrency: prefetch,
      requeue: true,
    },
    async (message) => {
      try {
        await work(describe(message), publishedAt(message), closing.signal)
        return ConsumerStatus.ACK
      } catch (error) {
        log.warn({ err: error, 'queue.name': queue }, 'A message could not be settled; it is given back')
        await wait(giveBackMs, undefined, { signal: closing.signal }).catch(() => undefined)
        return ConsumerStatus.REQUEUE
      }
    },
  )
  consumer.on('error', (error) =>
    log.warn({ err: error, 'queue.name': queue }, 'Consuming broke off; it is taken up again'),
  )
  let ended: Promise<void> | undefined
  const close = () => {
    ended ??= (async () => {
      const drained = setTimeout(() => closing.abort(new Error('The consumer was closed')), drainMs)
      await consumer.close()
      clearTimeout(drained)
    })()
    return ended
  }
  return { close, [Symbol.asyncDispose]: close }
}

/** Keeps what comes next of a message before it is acknowledged: its next try in the outbox, or its grave. */
export async function settleMessage(
  kysely: Kysely<unknown>,
  queue: string,
  { content: message, deliveryCount }: Received,
  verdict: Verdict,
): Promise<void> {
  if (verdict.kind === 'retry')
    await storeInOutbox(kysely, { to: { queue }, message, failures: deliveryCount }, { inSeconds: verdict.waitSeconds })
  if (verdict.kind === 'dead')
    await buryMessage(kysely, { queue, message, reason: verdict.reason, deliveries: deliveryCount })
}

/** Keeps what the server gave up on, or another program rejected, as dead letters beside those that our handlers gave up on. */
export function collectDead({ connection, kysely, log }: Deps & { kysely: Kysely<unknown> }): Consumer {
  return receive(
    { connection, log },
    {
      queue: deadQueueName,
      topology: topologyOf([]),
      prefetch: 10,
      work: async ({ content: message, death, deliveryCount: deliveries }) => {
        const queue = (death?.queue ?? '').slice(queueNameOf('').length)
        await buryMessage(kysely, { queue, message, reason: `RabbitMQ: ${death?.reason ?? 'unknown'}`, deliveries })
      },
    },
  )
}

function describe({ body, headers = {} }: AsyncMessage): Received {
  const count = (name: string) => (typeof headers[name] === 'number' ? headers[name] : 0)
  const [death] = Array.isArray(headers['x-death']) ? headers['x-death'] : []
  return {
    content: Buffer.isBuffer(body) || typeof body === 'string' ? parse(String(body)) : body,
    // Those that failed, and those of which nothing was heard.
    deliveryCount: count('x-failures') + count('x-delivery-count') + 1,
    ...(death && { death: { queue: String(death.queue), reason: String(death.reason) } }),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function publishedAt({ timestamp }: AsyncMessage): Date | undefined {
  return timestamp === undefined ? undefined : new Date(timestamp * 1000)
}
