import { type Kysely, sql } from 'kysely'
import type { ClaimedBatch, DeliveryState, Outcome } from '../push-store.ts'

const stateAfter = {
  sent: 'sent',
  transient: 'pending',
  // The message is not to blame, and goes when the configuration is right.
  operator: 'pending',
  permanent: 'failed',
  unregistered: 'unregistered',
  expired: 'expired',
} as const satisfies Record<Outcome['kind'], DeliveryState>

/**
 * Notes what became of deliveries, whoever has the claim by now: what was sent was sent. Devices whose token is no good any more are
 * removed; with another token it is another device. Answers whether there is anything left to do under the claim, which it prolongs.
 */
export async function noteOutcomes(
  kysely: Kysely<unknown>,
  { push, batch, claim }: Pick<ClaimedBatch, 'push' | 'batch' | 'claim'>,
  outcomes: readonly Outcome[],
  leaseMs: number,
): Promise<boolean> {
  const rows = outcomes.map(({ device, ...outcome }) => ({
    device,
    state: stateAfter[outcome.kind],
    error: outcome.kind === 'sent' ? null : outcome.code,
    provider_id: outcome.kind === 'sent' ? outcome.providerId : null,
  }))
  const dead = outcomes.filter(({ kind }) => kind === 'unregistered')
  return await kysely.transaction().execute(async (transaction) => {
    if (rows.length > 0)
      await sql`
        update push_deliveries x set state = n.state, error = n.error, provider_id = n.provider_id, attempts = x.attempts + 1,
          sent_at = case when n.state = 'sent' then clock_timestamp() end
        from json_to_recordset(${JSON.stringify(rows)}::json) as n (device uuid, state text, error text, provider_id text)
        where x.push = ${push} and x.device = n.device
          and (x.state = 'pending' or n.state = 'sent' and x.state <> 'sent')`.execute(transaction)
    if (dead.length > 0)
      await sql`
        delete from push_devices where device = any(${dead.map(({ device }) => device)}::uuid[])`.execute(transaction)
    const held = await sql<{ state: string }>`
      update push_batches b set claimed_until = clock_timestamp() + make_interval(secs => ${leaseMs / 1000})
      from push_messages m where b.push = ${push} and b.batch = ${batch} and b.claim = ${claim} and m.push = b.push
      returning m.state`.execute(transaction)
    return held.rows[0] !== undefined && held.rows[0].state !== 'cancelled'
  })
}

/** Gives the batch back and answers how many devices of it are still to be reached. */
export async function releaseBatch(
  kysely: Kysely<unknown>,
  { push, batch }: Pick<ClaimedBatch, 'push' | 'batch'>,
  isLast: boolean,
): Promise<number> {
  const isPending = sql`push = ${push} and batch = ${batch} and state = 'pending'`
  if (isLast) {
    const given = await sql`update push_deliveries set state = 'undelivered' where ${isPending}`.execute(kysely)
    return Number(given.numAffectedRows ?? 0n)
  }
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from push_deliveries where ${isPending}`.execute(kysely)
  return rows[0]?.count ?? 0
}
