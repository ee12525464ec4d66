import type { Kysely } from 'kysely'
import { Connection } from 'rabbitmq-client'
import type { Database } from '../database.ts'
import { wrapMessage } from '../envelope.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { startCleaning } from './clean-up.ts'
import { createDeadLetters } from './dead-letters.ts'
import { createDelivery } from './deliver.ts'
import { messageIdOf } from './message-id.ts'
import type { Consumer, MessageQueue, Queue } from './message-queue.ts'
import { type OutboxMessage, startRelay, storeInOutbox } from './outbox.ts'
import { createQueueMetrics } from './queue-metrics.ts'
import { collectDead, receive, settleMessage } from './rabbitmq/consume.ts'
import { createDepths } from './rabbitmq/depths.ts'
import { exchange, queueNameOf, topologyOf } from './rabbitmq/topology.ts'

type Deps = {
  /** amqp:// or amqps://, with user, password and virtual host. */
  url: string
  /** PEM of an authority that is not among the system's. */
  ca?: string | undefined
  database: Database
  queues: readonly Queue[]
  log: Logger
  metrics: Metrics
}

const sendTimeoutMs = 5_000

/**
 * Messages in RabbitMQ's quorum queues. Publishing stores the message in our PostgreSQL, in the caller's transaction if any, and a relay
 * hands it over and waits for the server's confirm; so it can be published while the server is away. Connects again by itself.
 */
export async function createRabbitmqQueue({ url, ca, database, queues, ...deps }: Deps): Promise<MessageQueue> {
  const { kysely } = database
  const log = deps.log.child({ 'event.module': 'queue' })
  const metrics = createQueueMetrics(deps.metrics)
  const connection = new Connection({
    url,
    ...(url.startsWith('amqps:') && { tls: { minVersion: 'TLSv1.3' as const, ...(ca && { ca }) } }),
    connectionName: 'erp-chatbot',
    connectionTimeout: 5_000,
    acquireTimeout: sendTimeoutMs,
    heartbeat: 10,
    retryLow: 200,
    retryHigh: 5_000,
    noDelay: true,
  })
  connection.on('error', (error) => log.warn({ err: error }, 'RabbitMQ is out of reach; connecting again'))
  // At once and in turn: two that declare a quorum queue at the same time break their connection.
  await within(declare(connection, queues), sendTimeoutMs).catch((error: unknown) =>
    log.warn({ err: error }, 'Queues cannot be declared at the moment; they are with the first message'),
  )
  const depths = createDepths({ connection, kysely, queues })
  const publisher = createSender(connection, queues)
  const relay = startRelay({ kysely, url: database.url, log, send: publisher.send })
  const cleaning = startCleaning(kysely, log)
  const open = new Set<Consumer>()
  metrics.watchDepths(depths.read, log)

  let ended: Promise<void> | undefined
  const close = () => {
    ended ??= (async () => {
      await Promise.all([...open].map((consumer) => consumer.close()))
      await Promise.all([cleaning.close(), relay.close(), depths.close()])
      await publisher.close()
      await within(connection.close(), sendTimeoutMs).catch(() => connection.unsafeDestroy())
    })()
    return ended
  }
  return {
    publish: async (topic, body, { within: transaction, idempotencyKey, deliverAt } = {}) => {
      const message = wrapMessage(topic.body.parse(body), { destination: topic.name })
      message.header.messageId = messageIdOf(topic.name, idempotencyKey)
      const store = (into: Kysely<unknown>) =>
        storeInOutbox(into, { to: { topic: topic.name }, message, failures: 0 }, { at: deliverAt })
      await (transaction ? store(transaction) : kysely.transaction().execute(store))
      metrics.published(topic.name)
      return message.header.messageId
    },
    consume: async (queue, options, handler) => {
      const deliver = createDelivery(queue, handler, { kysely, log, metrics })
      const consumer = receive(
        { connection, log },
        {
          queue: queueNameOf(queue.name),
          topology: topologyOf([queue]),
          ...options,
          work: async (received, publishedAt, closing) => {
            depths.delivered(queue.name, publishedAt)
            await settleMessage(kysely, queue.name, received, await deliver(received, closing))
          },
        },
      )
      if (open.size === 0) open.add(collectDead({ connection, kysely, log }))
      open.add(consumer)
      return consumer
    },
    deadLetters: createDeadLetters(kysely, queues, ({ queue, message }, transaction) =>
      storeInOutbox(transaction, { to: { queue }, message, failures: 0 }),
    ),
    depths: depths.read,
    checkReady: async () => {
      if (!connection.ready) throw new Error('RabbitMQ is out of reach')
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function declare(connection: Connection, declared: readonly Queue[]): Promise<void> {
  const { exchanges, queues, queueBindings } = topologyOf(declared)
  for (const one of exchanges) await connection.exchangeDeclare(one)
  for (const one of queues) await connection.queueDeclare(one)
  for (const one of queueBindings) await connection.queueBind(one)
}

/** Publishes with confirms, having declared everything on each new connection. */
function createSender(connection: Connection, queues: readonly Queue[]) {
  const returned = new Set<string>()
  const publisher = connection.createPublisher({ confirm: true, ...topologyOf(queues) })
  publisher.on('basic.return', ({ messageId }) => returned.add(messageId ?? ''))
  const known = new Set(queues.map(({ topic }) => topic.name))
  return {
    send: async ({ to, message, failures }: OutboxMessage) => {
      const messageId = readMessageId(message)
      const address = 'queue' in to ? { routingKey: queueNameOf(to.queue) } : { exchange, routingKey: to.topic }
      const mandatory = 'queue' in to || known.has(to.topic)
      const envelope = {
        ...address,
        ...{ mandatory, messageId, durable: true, contentType: 'application/json', appId: 'erp-chatbot' },
        timestamp: Math.floor(Date.now() / 1000),
        headers: { 'x-failures': failures },
      }
      await within(publisher.send(envelope, message), sendTimeoutMs)
      // The server says so before it confirms.
      if (mandatory && returned.delete(messageId)) throw new Error(`RabbitMQ has no queue for ${address.routingKey}`)
    },
    close: () => within(publisher.close(), sendTimeoutMs).catch(() => undefined),
  }
}

function readMessageId(message: unknown): string {
  return (message as { header?: { messageId?: string } } | null)?.header?.messageId ?? ''
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  const timer = Promise.withResolvers<never>()
  const timeout = setTimeout(() => timer.reject(new Error(`RabbitMQ has not answered in ${ms} ms`)), ms)
  try {
    return await Promise.race([work, timer.promise])
  } finally {
    clearTimeout(timeout)
    work.catch(() => undefined)
  }
}
