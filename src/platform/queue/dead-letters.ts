import { type Kysely, sql } from 'kysely'
import type { DeadLetter, DeadLetters, LetterCount } from './message-queue.ts'

export type DeadMessage = { queue: string; message: unknown; reason: string; deliveries: number }

/** Hands a message to its queue again as if it had never been delivered, when `transaction` commits. */
export type Republish = (
  letter: { id: string; queue: string; message: unknown },
  transaction: Kysely<unknown>,
) => Promise<void>

/** Keeps a message that became a dead letter; a second time changes nothing. */
export async function buryMessage(
  db: Kysely<unknown>,
  { queue, message, reason, deliveries }: DeadMessage,
): Promise<void> {
  await sql`
    insert into queue_dead_letters (queue, message_id, message, reason, deliveries)
    values (${queue}, ${messageIdIn(message)}, ${JSON.stringify(message ?? null)}, ${reason}, ${deliveries})
    on conflict (queue, message_id) do update set reason = excluded.reason, deliveries = excluded.deliveries,
      died_at = excluded.died_at`.execute(db)
}

const columns = sql`id, queue, message, reason, deliveries, died_at as "diedAt"`

/** The dead letters of our PostgreSQL, whichever server delivered them in vain. Those of no queue among `queues` are not replayed. */
export function createDeadLetters(
  kysely: Kysely<unknown>,
  queues: readonly { name: string }[],
  republish: Republish,
): DeadLetters {
  const names = queues.map(({ name }) => name)
  return {
    list: async ({ queue = null, body, limit, after }) => {
      const isAfter = after ? sql`(died_at, id) > (${after.at}, ${after.id})` : sql`true`
      const has = body ? sql`message -> 'body' @> ${JSON.stringify(body)}::jsonb` : sql`true`
      const { rows } = await sql<DeadLetter>`
        select ${columns} from queue_dead_letters
        where (${queue}::text is null or queue = ${queue}) and ${has} and ${isAfter}
        order by died_at, id limit ${limit}`.execute(kysely)
      return rows
    },
    read: async (id) => {
      const { rows } = await sql<DeadLetter>`select ${columns} from queue_dead_letters where id = ${id}`.execute(kysely)
      return rows[0]
    },
    counts: async () => {
      const { rows } = await sql<LetterCount>`
        select queue, count(*)::integer as count, min(died_at) as "oldestAt" from queue_dead_letters
        group by queue order by queue`.execute(kysely)
      return rows
    },
    replay: async (ids, within) => {
      const replay = async (transaction: Kysely<unknown>) => {
        const letters = await take(transaction, ids, names)
        for (const letter of letters) await republish(letter, transaction)
        return letters.length
      }
      return await (within ? replay(within) : kysely.transaction().execute(replay))
    },
    discard: async (ids, within = kysely) => (await take(within, ids)).length,
  }
}

/** How many there are of each queue. */
export async function countDeadLetters(kysely: Kysely<unknown>): Promise<Map<string, number>> {
  const { rows } = await sql<{ queue: string; count: number }>`
    select queue, count(*)::integer as count from queue_dead_letters group by queue`.execute(kysely)
  return new Map(rows.map(({ queue, count }) => [queue, count]))
}

async function take(db: Kysely<unknown>, ids: readonly string[], queues?: string[]) {
  const isIn = queues ? sql`queue = any(${queues})` : sql`true`
  const { rows } = await sql<{ id: string; queue: string; message: unknown }>`
    delete from queue_dead_letters where id = any(${[...ids]}::uuid[]) and ${isIn}
    returning id, queue, message`.execute(db)
  return rows
}

/** Of what is no message of ours, an id all the same: each is kept once. */
function messageIdIn(message: unknown): string {
  const header = typeof message === 'object' && message !== null && 'header' in message ? message.header : undefined
  const id = typeof header === 'object' && header !== null && 'messageId' in header ? header.messageId : undefined
  return typeof id === 'string' && id !== '' ? id.slice(0, 200) : crypto.randomUUID()
}
