import { type Kysely, sql } from 'kysely'

/** Gives a claimed batch back, and ends its message when it was the last that had devices to reach. */
export async function settleBatch(
  db: Kysely<unknown>,
  { push, batch, claim }: { push: string; batch: number; claim: string },
): Promise<void> {
  await sql`
    update push_batches set claim = null, claimed_until = null
    where push = ${push} and batch = ${batch} and claim = ${claim}`.execute(db)
  await settleMessage(db, push)
}

/** A message is over when no device of it is pending: `sent` if one was reached. A replay may make a `failed` one `sent`. */
async function settleMessage(db: Kysely<unknown>, push: string): Promise<void> {
  await sql`
    update push_messages m set settled_at = now(),
      state = case when exists (select 1 from push_deliveries where push = ${push} and state = 'sent') then 'sent' else 'failed' end
    where m.push = ${push} and m.state in ('sending', 'sent', 'failed')
      and not exists (select 1 from push_deliveries where push = ${push} and state = 'pending')`.execute(db)
}
