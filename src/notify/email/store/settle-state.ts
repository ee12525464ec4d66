import { type Kysely, sql } from 'kysely'

/**
 * Makes a message's state that of its recipients: complained or bounced when one is, delivered when all that it went to are, and so
 * on. One that still has somebody to go to is requested. `isSent` is false for who only reports: a message that a worker has under way
 * stays that worker's.
 */
export async function settleState(db: Kysely<unknown>, email: string, isSent = true): Promise<void> {
  await sql`
    update emails e set claim = null, claimed_until = null, state = case
        when r.requested > 0 then 'requested' when r.complained > 0 then 'complained' when r.bounced > 0 then 'bounced'
        when r.delivered > 0 and r.sent = 0 then 'delivered' when r.delivered + r.sent > 0 then 'sent'
        when r.failed > 0 then 'failed' else 'suppressed' end
    from (
      select count(*) filter (where state = 'requested') as requested, count(*) filter (where state = 'complained') as complained,
        count(*) filter (where state = 'bounced') as bounced, count(*) filter (where state = 'delivered') as delivered,
        count(*) filter (where state = 'sent') as sent, count(*) filter (where state = 'failed') as failed
      from email_recipients where email = ${email}
    ) r where e.email = ${email} and (${isSent} or e.state <> 'sending')`.execute(db)
}
