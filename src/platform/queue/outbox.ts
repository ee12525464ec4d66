import { type Kysely, sql } from 'kysely'
import type { Envelope } from '../envelope.ts'
import { listenTo } from '../listen.ts'
import type { Logger } from '../log.ts'
import { createAlarm } from './alarm.ts'

/** Where a message goes: to all queues of a topic, or to one queue for another try. */
export type OutboxMessage = { to: { topic: string } | { queue: string }; message: unknown; failures: number }

type Row = { id: string; topic: string | null; queue: string | null; message: Envelope<unknown>; failures: number }

const channel = 'message_queue'
const pollMs = 500
const batch = 200

/** Keeps a message until it is with the message server; not before `dueAt`, or after so many seconds. */
export async function storeInOutbox(
  db: Kysely<unknown>,
  { to, message, failures }: OutboxMessage,
  due: { at?: Date | undefined; inSeconds?: number } = {},
): Promise<void> {
  const { topic = null, queue = null } = { topic: undefined, queue: undefined, ...to }
  await sql`
    insert into queue_outbox (topic, queue, message, failures, due_at)
    values (${topic}, ${queue}, ${JSON.stringify(message)}, ${failures},
      coalesce(${due.at ?? null}::timestamptz, now() + make_interval(secs => ${due.inSeconds ?? 0})))`.execute(db)
  await sql`select pg_notify(${channel}, '')`.execute(db)
}

type RelayDeps = {
  kysely: Kysely<unknown>
  url: string
  log: Logger
  /** Resolves when the message server has stored the message; rejects when it may not have. */
  send: (message: OutboxMessage) => Promise<void>
}

/**
 * Hands what is due to the message server, from now on; of several relays each takes other messages. What was stored there when a
 * relay dies before its commit is sent again, with the same id.
 */
export function startRelay({ kysely, url, log, send }: RelayDeps): { close(): Promise<void> } {
  const alarm = createAlarm()
  let isClosed = false
  const listener = listenTo({ url, channel, onMessage: alarm.ring, log })

  const relay = async () => {
    while (!isClosed) {
      const { sent, fault } = await relayBatch(kysely, send).catch((error: unknown) => ({ sent: 0, fault: error }))
      if (fault !== undefined) log.warn({ err: fault }, 'Messages stay in the outbox for now')
      if (sent < batch && !isClosed) await alarm.wait(pollMs)
    }
  }
  const running = relay()
  return {
    async close() {
      isClosed = true
      alarm.ring()
      await running
      await listener.close()
    },
  }
}

/** Before a message is tried again that the server did not take: it must not hold up those after it, nor wait long once it can go. */
const longestWaitS = 5

async function relayBatch(
  kysely: Kysely<unknown>,
  send: RelayDeps['send'],
): Promise<{ sent: number; fault?: unknown }> {
  return await kysely.transaction().execute(async (transaction) => {
    const { rows } = await sql<Row>`
      select id, topic, queue, message, failures from queue_outbox where due_at <= now()
      order by due_at, id limit ${batch} for update skip locked`.execute(transaction)
    if (rows.length === 0) return { sent: 0 }
    const outcomes = await Promise.allSettled(
      rows.map(({ topic, queue, message, failures }) =>
        send({ to: queue === null ? { topic: topic ?? '' } : { queue }, message, failures }),
      ),
    )
    const idsOf = (status: 'fulfilled' | 'rejected') =>
      rows.filter((_, index) => outcomes[index]?.status === status).map(({ id }) => id)
    const sent = idsOf('fulfilled')
    await sql`delete from queue_outbox where id = any(${sent}::bigint[])`.execute(transaction)
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (!failed) return { sent: sent.length }
    await sql`
      update queue_outbox set tries = tries + 1,
        due_at = clock_timestamp() + make_interval(secs => least(${longestWaitS}, 0.5 * power(2, least(tries, 10))))
      where id = any(${idsOf('rejected')}::bigint[])`.execute(transaction)
    return { sent: sent.length, fault: failed.reason }
  })
}

/** How much waits for its time, by queue; what is of a topic counts for each queue of it. */
export async function countDelayed(kysely: Kysely<unknown>) {
  const { rows } = await sql<{ topic: string | null; queue: string | null; count: number }>`
    select topic, queue, count(*)::integer as count from queue_outbox group by topic, queue`.execute(kysely)
  return rows
}
