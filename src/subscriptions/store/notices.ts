import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Notice } from '../subscription.ts'
import type { DueNotice, SubscriptionStore } from '../subscription-store.ts'
import type { Cells } from './rows.ts'

/** Of so many workers at once none looks in vain. */
const mostOwners = 100
const ownerLock = 7_146_201_195

type NoticeRow = { notice: string; subscription: string; owner: string; content: Buffer; created_at: Date }

/** What alerts have to tell, between their judgement and the mail. */
export function createNotices(cells: Cells): Pick<SubscriptionStore, 'addNotices' | 'takeNotices'> {
  return {
    async addNotices(notices, within) {
      for (const { subscription, owner, content, deliverAt, at } of notices) {
        const notice = randomUUID()
        const sealed = await cells.sealNotice(content, notice)
        await sql`
          insert into subscription_notices (notice, subscription, owner, content, deliver_at, created_at)
          values (${notice}, ${subscription}, ${owner}, ${sealed}, ${deliverAt}, ${at})`.execute(within)
      }
    },
    async takeNotices(now, within) {
      for (const owner of await findOwners(within, now)) {
        if (!(await lockOwner(within, owner))) continue
        const rows = await removeDue(within, owner, now)
        if (rows.length > 0) return await Promise.all(rows.map((row) => openNotice(cells, row)))
      }
      return []
    },
  }
}

/** Those who have something due, longest waiting first. */
async function findOwners(within: Kysely<unknown>, now: Date): Promise<string[]> {
  const { rows } = await sql<{ owner: string }>`
    select owner from subscription_notices where deliver_at <= ${now}
    group by owner order by min(deliver_at) limit ${mostOwners}`.execute(within)
  return rows.map(({ owner }) => owner)
}

/** A person whom another worker is at is passed over, so that all that is due goes into one message, and nobody waits. */
async function lockOwner(within: Kysely<unknown>, owner: string): Promise<boolean> {
  const { rows } = await sql<{ isOurs: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${owner}, ${ownerLock})) as "isOurs"`.execute(within)
  return rows[0]?.isOurs === true
}

async function removeDue(within: Kysely<unknown>, owner: string, now: Date): Promise<NoticeRow[]> {
  const isDue = sql`owner = ${owner} and deliver_at <= ${now}`
  // In the order of who deletes a subscription, and with it what it has to tell: first the one, then the other.
  await sql`
    select 1 from subscriptions where subscription in (select subscription from subscription_notices where ${isDue})
    order by subscription for update`.execute(within)
  const { rows } = await sql<NoticeRow>`
    delete from subscription_notices where ${isDue}
    returning notice, subscription, owner, content, created_at`.execute(within)
  return rows.toSorted((a, b) => a.created_at.getTime() - b.created_at.getTime())
}

async function openNotice(cells: Cells, { content, created_at, ...row }: NoticeRow): Promise<DueNotice> {
  return { ...row, createdAt: created_at, content: await cells.openNotice<Notice>(content, row.notice) }
}
