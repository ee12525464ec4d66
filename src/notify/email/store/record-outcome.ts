import { type Kysely, sql } from 'kysely'
import type { ClaimedEmail } from '../email-store.ts'
import type { MailFailure, SentEmail, SmtpReply } from '../mailer.ts'
import type { HashAddress } from './address-hash.ts'
import { settleState } from './settle-state.ts'

type Deps = { kysely: Kysely<unknown>; hashAddress: HashAddress }

/** Notes who the server took the message for; those whom it put off stay to be tried again unless this was the last time. */
export async function recordSent(
  { kysely, hashAddress }: Deps,
  { email, isLast }: { email: string; isLast: boolean },
  { accepted, refused, providerId, reply }: SentEmail,
): Promise<{ deferred?: SmtpReply }> {
  const forGood = refused.filter(({ isPermanent }) => isPermanent || isLast)
  const hashesOf = (addresses: string[]) => Promise.all(addresses.map(hashAddress))
  const [sentTo, failedFor] = [await hashesOf(accepted), await hashesOf(forGood.map(({ address }) => address))]
  await kysely.transaction().execute(async (transaction) => {
    // What the provider reported may have overtaken this.
    await sql`update email_recipients set state = 'sent'
      where email = ${email} and state = 'requested' and address_hash = any(${sentTo}::bytea[])`.execute(transaction)
    await sql`update email_recipients set state = 'failed', reply = ${forGood[0]?.reply ?? null}
      where email = ${email} and state = 'requested' and address_hash = any(${failedFor}::bytea[])`.execute(transaction)
    await sql`update emails set provider_id = ${providerId ?? null}, reply = ${reply}, sent_at = coalesce(sent_at, now())
      where email = ${email}`.execute(transaction)
    await settleState(transaction, email)
  })
  const [deferred] = refused.filter((one) => !forGood.includes(one))
  return deferred ? { deferred: deferred.reply } : {}
}

/** Gives a message back, or ends it for whom it has not reached. A claim that has run out changes nothing. */
export async function recordFailure(
  { kysely }: Pick<Deps, 'kysely'>,
  { claim, email }: Pick<ClaimedEmail, 'claim'> & { email: string },
  { kind, code, reply }: MailFailure,
  isLast: boolean,
): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    const isOver = kind === 'permanent' || isLast
    const { numAffectedRows } = await sql`
      update emails set state = ${isOver ? 'failed' : 'requested'}, error = ${code}, reply = ${reply ?? null}, claim = null,
        claimed_until = null where email = ${email} and claim = ${claim}`.execute(transaction)
    if (numAffectedRows === 0n || kind !== 'permanent') return
    // What was put off too often may be replayed; what was refused is over.
    await sql`update email_recipients set state = 'failed', reply = ${reply ?? null}
      where email = ${email} and state = 'requested'`.execute(transaction)
    await settleState(transaction, email)
  })
}
