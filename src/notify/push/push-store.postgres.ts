import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Database } from '#platform/database'
import type { FieldCipher } from '#platform/encryption'
import type { DeliveryRecord, PushRecord, PushState, PushStore } from './push-store.ts'
import { addPush, openContent } from './store/add-push.ts'
import { claimBatch } from './store/claim-batch.ts'
import { noteOutcomes, releaseBatch } from './store/note-outcomes.ts'
import { settleBatch } from './store/settle.ts'
import { spreadPush } from './store/spread-push.ts'

type Deps = { database: Database; cipher: FieldCipher }

/** Push messages in our PostgreSQL; what they say and whom they are for is sealed. */
export function createPostgresPushStore({ database: { kysely }, cipher }: Deps): PushStore {
  const deps = { kysely, cipher }
  return {
    add: (push, within) => addPush(cipher, push, within),
    spread: (push, findPeople, within) => spreadPush({ cipher, findPeople }, push, within),
    claimBatch: (batch, leaseMs) => claimBatch(deps, batch, leaseMs),
    note: (claimed, outcomes, leaseMs) => noteOutcomes(kysely, claimed, outcomes, leaseMs),
    release: async (claimed, isLast) => {
      const left = await releaseBatch(kysely, claimed, isLast)
      await settleBatch(kysely, claimed)
      return left
    },
    cancel: cancelPush,
    list: async ({ state = null, from = null, to = null, limit, after }) => {
      const isAfter = after ? sql`(m.requested_at, m.push) < (${after.at}, ${after.id})` : sql`true`
      const isIn = sql`(${from}::timestamptz is null or m.requested_at >= ${from})
        and (${to}::timestamptz is null or m.requested_at <= ${to})`
      return await select(kysely, sql`(${state}::text is null or m.state = ${state}) and ${isIn} and ${isAfter}`, limit)
    },
    read: async (push) => (await select(kysely, sql`m.push = ${push}`, 1))[0],
    readContent: async (push) => {
      const { rows } = await sql<{ content: Buffer }>`select content from push_messages where push = ${push}`.execute(
        kysely,
      )
      return rows[0] && (await openContent(cipher, push, rows[0].content))
    },
    listDeliveries: async (push, { limit, after = null }) => {
      const { rows } = await sql<DeliveryRecord>`
        select device, state, attempts, error, sent_at as "sentAt" from push_deliveries
        where push = ${push} and (${after}::uuid is null or device > ${after}::uuid) order by device limit ${limit}`.execute(
        kysely,
      )
      return rows
    },
    removeOlderThan: async (days) => {
      const before = sql`now() - make_interval(days => ${days})`
      const removed = await sql`
        delete from push_messages where greatest(requested_at, due_at) < ${before}`.execute(kysely)
      await sql`delete from push_sink where recorded_at < ${before}`.execute(kysely)
      return Number(removed.numAffectedRows ?? 0n)
    },
  }
}

async function select(kysely: Kysely<unknown>, where: RawBuilder<unknown>, limit: number): Promise<PushRecord[]> {
  const { rows } = await sql<PushRecord>`
    select m.push, m.kind, m.state, m.error, m.requested_by as "requestedBy", m.requested_at as "requestedAt",
      m.due_at as "dueAt", m.settled_at as "settledAt", coalesce(c.devices, '{}') as devices
    from push_messages m left join lateral (
      select json_object_agg(state, count) as devices
      from (select state, count(*)::integer as count from push_deliveries where push = m.push group by state) s
    ) c on true
    where ${where} order by m.requested_at desc, m.push desc limit ${limit}`.execute(kysely)
  return rows
}

/** What has gone out by then has; nothing more goes, not by a replay of what was given up, either. */
async function cancelPush(push: string, db: Kysely<unknown>): Promise<'cancelled' | 'over' | undefined> {
  const { rows } = await sql<{ state: PushState }>`
    select state from push_messages where push = ${push} for update`.execute(db)
  const [message] = rows
  if (!message) return undefined
  const ended = await sql`
    update push_deliveries set state = 'cancelled'
    where push = ${push} and state in ('pending', 'undelivered')`.execute(db)
  const isOver = message.state === 'sent' || message.state === 'failed' || message.state === 'cancelled'
  if (isOver && ended.numAffectedRows === 0n) return 'over'
  await sql`update push_messages set state = 'cancelled', settled_at = now() where push = ${push}`.execute(db)
  return 'cancelled'
}
