import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Notice } from '../subscription.ts'
import type { DueNotice, SubscriptionStore } from '../subscription-store.ts'
import type { Cells } from './rows.ts'

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
      const owner = await lockOwner(within, now)
      if (owner === undefined) return []
      const { rows } = await sql<NoticeRow>`
        delete from subscription_notices where owner = ${owner} and deliver_at <= ${now}
        returning notice, subscription, owner, content, created_at`.execute(within)
      const sorted = rows.toSorted((a, b) => a.created_at.getTime() - b.created_at.getTime())
      return await Promise.all(
        sorted.map(async ({ notice, subscription, created_at, content }): Promise<DueNotice> => {
          const opened = await cells.openNotice<Notice>(content, notice)
          return { notice, subscription, owner, createdAt: created_at, content: opened }
        }),
      )
    },
  }
}

/** Another worker that is at the same person's notices is passed over, so that they go into one message. */
async function lockOwner(within: Kysely<unknown>, now: Date): Promise<string | undefined> {
  const { rows } = await sql<{ owner: string }>`
    select owner from subscription_notices where deliver_at <= ${now}
    order by deliver_at limit 1 for update skip locked`.execute(within)
  return rows[0]?.owner
}
