import { type Kysely, sql } from 'kysely'
import { PgBoss } from 'pg-boss'
import type { Database } from '../database.ts'
import { wrapMessage } from '../envelope.ts'
import { listenTo } from '../listen.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { isUuid } from '../uuid.ts'
import { startCleaning } from './clean-up.ts'
import { countDeadLetters, createDeadLetters } from './dead-letters.ts'
import { createDelivery } from './deliver.ts'
import { messageIdOf } from './message-id.ts'
import type { Consumer, MessageQueue, Queue } from './message-queue.ts'
import { collectDead, dbOf, deadQueue, pullJobs, settleJob } from './pull-jobs.ts'
import { createQueueMetrics } from './queue-metrics.ts'

type Deps = { database: Database; queues: readonly Queue[]; log: Logger; metrics: Metrics }

const channel = 'message_queue'
const secondsOfYear = 31_536_000

/** Messages in our PostgreSQL, as pg-boss keeps them: publishing in a transaction is one insert. Opens two connections beside the pool's. */
export async function createPostgresQueue({ database, queues, ...deps }: Deps): Promise<MessageQueue> {
  const { kysely } = database
  const log = deps.log.child({ 'event.module': 'queue' })
  const metrics = createQueueMetrics(deps.metrics)
  const boss = new PgBoss({
    ...{ connectionString: database.url, max: 2, application_name: 'erp-chatbot queue' },
    connectionTimeoutMillis: 3_000,
    options: '-c statement_timeout=30000',
    schedule: false,
    // A consumer that has died is noticed by its heartbeat, in this time and ten seconds.
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    openTelemetry: { enabled: false },
  })
  boss.on('error', (error) => log.warn({ err: error }, 'The queue’s upkeep failed; it is tried again'))
  await boss.start()
  await declareQueues(boss, queues)

  type Stored = { id: string; content: unknown }
  const store = async (queue: string, { id, content }: Stored, into: Kysely<unknown>, deliverAt?: Date) => {
    await boss.send(queue, content as object, {
      id,
      db: dbOf(into),
      ...(deliverAt && { startAfter: deliverAt }),
    })
    await sql`select pg_notify(${channel}, ${queue})`.execute(into)
  }
  let listener: ReturnType<typeof listenTo> | undefined
  const wakers = new Map<string, Set<() => void>>()
  const listen = () => {
    listener ??= listenTo({
      url: database.url,
      channel,
      log,
      onMessage: (queue) => {
        for (const [name, wake] of wakers) if (queue === '' || queue === name) for (const one of wake) one()
      },
    })
  }
  const onWake = (queue: string, wake: () => void) => {
    listen()
    const all = wakers.get(queue) ?? new Set()
    wakers.set(queue, all.add(wake))
  }
  const open = new Set<Consumer>()
  const cleaning = startCleaning(kysely, log)
  const depths = () => readDepths(kysely, queues)
  metrics.watchDepths(depths, log)
  let ended: Promise<void> | undefined
  const close = () => {
    ended ??= (async () => {
      await Promise.all([...open].map((consumer) => consumer.close()))
      await Promise.all([cleaning.close(), listener?.close(), boss.stop({ graceful: false })])
    })()
    return ended
  }
  return {
    publish: async (topic, body, { within, idempotencyKey, deliverAt } = {}) => {
      const message = wrapMessage(topic.body.parse(body), { destination: topic.name })
      message.header.messageId = messageIdOf(topic.name, idempotencyKey)
      const to = queues.filter((queue) => queue.topic.name === topic.name)
      const storeAll = async (into: Kysely<unknown>) => {
        const { messageId: id } = message.header
        for (const { name } of to) await store(name, { id, content: message }, into, deliverAt)
      }
      await (within ? storeAll(within) : kysely.transaction().execute(storeAll))
      metrics.published(topic.name)
      return message.header.messageId
    },
    consume: async (queue, options, handler) => {
      const deliver = createDelivery(queue, handler, { kysely, log, metrics })
      const pulling = { boss, kysely, log, onWake }
      const consumer = pullJobs(pulling, {
        queue: queue.name,
        ...options,
        work: async (job, closing) => {
          const { data: content, retryCount } = job
          await settleJob(pulling, job, await deliver({ content, deliveryCount: retryCount + 1 }, closing))
        },
      })
      if (open.size === 0) open.add(collectDead(pulling))
      open.add(consumer)
      return consumer
    },
    deadLetters: createDeadLetters(kysely, queues, ({ id, queue, message }, transaction) =>
      store(queue, { id: uuidIn(message) ?? id, content: message }, transaction),
    ),
    depths,
    checkReady: async () => void (await sql`select 1 from pgboss.version`.execute(kysely)),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** The id in a dead letter that is a message of ours; another program's may have none, or none that pg-boss takes. */
function uuidIn(message: unknown): string | undefined {
  const id = (message as { header?: { messageId?: unknown } } | null)?.header?.messageId
  return typeof id === 'string' && isUuid(id) ? id : undefined
}

async function declareQueues(boss: PgBoss, queues: readonly Queue[]): Promise<void> {
  await boss.createQueue(deadQueue, { retentionSeconds: secondsOfYear })
  for (const { name, retry, timeoutSeconds } of queues) {
    const options = {
      retryLimit: retry.limit,
      retryDelay: retry.firstSeconds,
      retryBackoff: true,
      retryDelayMax: retry.longestSeconds,
      expireInSeconds: timeoutSeconds + 30,
      heartbeatSeconds: 10,
      retentionSeconds: secondsOfYear,
      // As long a message's id is known, so that one with the same key is not taken again.
      deleteAfterSeconds: 14 * 86_400,
      deadLetter: deadQueue,
    }
    await boss.createQueue(name, options)
    await boss.updateQueue(name, options)
  }
}

async function readDepths(kysely: Kysely<unknown>, queues: readonly Queue[]) {
  const names = queues.map(({ name }) => name)
  const { rows } = await sql<{ queue: string; ready: number; delayed: number; oldest: number | null }>`
    select name as queue, count(*) filter (where start_after <= now())::integer as ready,
      count(*) filter (where start_after > now())::integer as delayed,
      extract(epoch from now() - min(greatest(created_on, start_after)) filter (where start_after <= now()))::float8 as oldest
    from pgboss.job where state in ('created', 'retry') and name = any(${names}) group by name`.execute(kysely)
  const found = new Map(rows.map((row) => [row.queue, row]))
  const dead = await countDeadLetters(kysely)
  return names.map((queue) => {
    const { ready = 0, delayed = 0, oldest = null } = found.get(queue) ?? {}
    const counts = { queue, ready, delayed, dead: dead.get(queue) ?? 0 }
    return oldest === null ? counts : { ...counts, oldestSeconds: Math.max(0, oldest) }
  })
}
