import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Database } from '#platform/database'
import type { FieldCipher } from '#platform/encryption'
import { AppError } from '#platform/errors'
import { subscriptionErrors } from './errors.ts'
import { createNotices } from './store/notices.ts'
import { type Cells, createCells, readRow, type SubscriptionRow } from './store/rows.ts'
import type { AlertMemory } from './subscription.ts'
import type { Due, SubscriptionCounts, SubscriptionStore } from './subscription-store.ts'

const columns = sql`subscription, owner, kind, state, reason, content, next_at, last_at, last_outcome, last_code, created_at`
const mostDue = 100
const ownerLock = 7_146_201_183

/** Subscriptions and alerts in PostgreSQL. */
export function createPostgresSubscriptionStore(deps: { database: Database; cipher: FieldCipher }): SubscriptionStore {
  const { kysely } = deps.database
  const cells = createCells(deps.cipher)
  return {
    ...createNotices(cells),
    ...createReading(kysely, cells),
    ...createChanging(cells),
    ...createRunning(kysely, cells),
  }
}

function createReading(kysely: Kysely<unknown>, cells: Cells): Pick<SubscriptionStore, 'list' | 'read' | 'counts'> {
  return {
    async list(owner) {
      const { rows } = await sql<SubscriptionRow>`
        select ${columns} from subscriptions where owner = ${owner} order by created_at, subscription`.execute(kysely)
      return await Promise.all(rows.map((row) => readRow(row, cells)))
    },
    async read(subscription) {
      const { rows } = await sql<SubscriptionRow>`
        select ${columns} from subscriptions where subscription = ${subscription}`.execute(kysely)
      return rows[0] && (await readRow(rows[0], cells))
    },
    async counts() {
      const { rows } = await sql<SubscriptionCounts[number]>`
        select kind, state, count(*)::integer as count,
          (count(*) filter (where last_outcome = 'failed'))::integer as failed
        from subscriptions group by kind, state order by kind, state`.execute(kysely)
      return rows
    },
  }
}

function createChanging(cells: Cells): Pick<SubscriptionStore, 'add' | 'change' | 'remove'> {
  return {
    async add({ owner, kind, content, nextAt, at }, most, within) {
      // Two at once would both count the same: one person's requests take turns.
      await sql`select pg_advisory_xact_lock(hashtextextended(${owner}, ${ownerLock}))`.execute(within)
      const { rows: counted } = await sql<{ count: number }>`
        select count(*)::integer as count from subscriptions where owner = ${owner}`.execute(within)
      if ((counted[0]?.count ?? 0) >= most) throw new AppError(subscriptionErrors.tooMany, { params: { limit: most } })
      const subscription = randomUUID()
      const sealed = await cells.seal(content, subscription)
      const { rows } = await sql<SubscriptionRow>`
        insert into subscriptions (subscription, owner, kind, state, entity, by_changes, content, next_at, created_at, changed_at)
        values (${subscription}, ${owner}, ${kind}, 'active', ${content.query.entity}, ${content.cron === undefined},
          ${sealed}, ${nextAt}, ${at}, ${at})
        returning ${columns}`.execute(within)
      return await readRow(rows[0] as SubscriptionRow, cells)
    },
    async change({ owner, subscription }, { content, state, reason, nextAt, forgets = false, at }, within) {
      const sealed = content ? await cells.seal(content, subscription) : null
      const changed = await sql`
        update subscriptions set changed_at = ${at},
          content = coalesce(${sealed}::bytea, content),
          entity = coalesce(${content?.query.entity ?? null}::text, entity),
          by_changes = coalesce(${content ? content.cron === undefined : null}::boolean, by_changes),
          state = coalesce(${state ?? null}::text, state),
          reason = case when ${reason === undefined}::boolean then reason else ${reason ?? null}::text end,
          next_at = case when ${nextAt === undefined}::boolean then next_at else ${nextAt ?? null}::timestamptz end,
          memory = case when ${forgets}::boolean then null else memory end,
          judged = judged + case when ${forgets}::boolean then 1 else 0 end
        where subscription = ${subscription} and owner = ${owner}`.execute(within)
      return changed.numAffectedRows === 1n
    },
    async remove({ owner, subscription }, within) {
      const removed = await sql`
        delete from subscriptions where subscription = ${subscription} and owner = ${owner}`.execute(within)
      return removed.numAffectedRows === 1n
    },
  }
}

type Running = Pick<SubscriptionStore, 'markChanged' | 'takeDue' | 'note' | 'readMemory' | 'writeMemory'>

function createRunning(kysely: Kysely<unknown>, cells: Cells): Running {
  return {
    async markChanged(entities, at) {
      const marked = await sql`
        update subscriptions set next_at = least(next_at, ${at})
        where kind = 'alert' and state = 'active' and entity = any(${[...entities]}::text[])
          and by_changes and (next_at is null or next_at > ${at})`.execute(kysely)
      return Number(marked.numAffectedRows ?? 0)
    },
    async takeDue(now, next, within) {
      const { rows } = await sql<SubscriptionRow & { next_at: Date }>`
        select ${columns} from subscriptions where state = 'active' and next_at <= ${now}
        order by next_at limit ${mostDue} for update skip locked`.execute(within)
      const due: Due[] = []
      for (const row of rows) {
        const nextAt = next(await readRow(row, cells))
        await sql`update subscriptions set next_at = ${nextAt} where subscription = ${row.subscription}`.execute(within)
        due.push({ subscription: row.subscription, kind: row.kind, dueAt: row.next_at })
      }
      return due
    },
    async note(subscription, { at, outcome, code }, within = kysely) {
      await sql`
        update subscriptions set last_at = ${at}, last_outcome = ${outcome}, last_code = ${code ?? null}
        where subscription = ${subscription}`.execute(within)
    },
    async readMemory(subscription) {
      const { rows } = await sql<{ memory: Buffer | null; judged: number }>`
        select memory, judged from subscriptions where subscription = ${subscription}`.execute(kysely)
      const { memory = null, judged = 0 } = rows[0] ?? {}
      return { judged, memory: memory && (await cells.open<AlertMemory>(memory, subscription, 'memory')) }
    },
    async writeMemory(subscription, { memory, judged }, within) {
      const sealed = memory && (await cells.seal(memory, subscription, 'memory'))
      const written = await sql`
        update subscriptions set memory = ${sealed}, judged = judged + 1
        where subscription = ${subscription} and judged = ${judged}`.execute(within)
      return written.numAffectedRows === 1n
    },
  }
}
