import { type Kysely, sql } from 'kysely'
import type { FieldCipher } from '#platform/encryption'
import type { EmailEvent, RecipientState } from '../email-store.ts'
import type { HashAddress } from './address-hash.ts'
import { suppressionPlace } from './places.ts'
import { settleState } from './settle-state.ts'

type Deps = { kysely: Kysely<unknown>; cipher: FieldCipher; hashAddress: HashAddress }

/** What a recipient's state may become it from: reports come in any order, and the graver one stays. */
const replaces: Partial<Record<EmailEvent['kind'], { state: RecipientState; from: RecipientState[] }>> = {
  delivery: { state: 'delivered', from: ['requested', 'sent'] },
  bounce: { state: 'bounced', from: ['requested', 'sent', 'delivered'] },
  complaint: { state: 'complained', from: ['requested', 'sent', 'delivered', 'bounced'] },
}

/** Notes what the provider reports of a message, once; a hard bounce or a complaint suppresses the address from then on. */
export async function recordEvent(deps: Deps, event: EmailEvent): Promise<boolean> {
  const { kysely, hashAddress } = deps
  const addresses = await Promise.all(
    event.addresses.map(async ({ address, reply = null }) => ({ address, reply, hash: await hashAddress(address) })),
  )
  return await kysely.transaction().execute(async (transaction) => {
    const email = await findEmail(transaction, event)
    const added = await sql`
      insert into email_events (event, email, kind, occurred_at) values (${event.id}, ${email ?? null}, ${event.kind}, ${event.at})
      on conflict do nothing`.execute(transaction)
    if (added.numAffectedRows === 0n) return false
    if (email) await applyEvent(transaction, { email, kind: event.kind, addresses })
    // A message of another system at the same provider suppresses too: the address is no good either way.
    if (event.kind === 'complaint' || (event.kind === 'bounce' && event.isPermanent))
      for (const one of addresses) await suppress(deps, transaction, { ...one, reason: event.kind })
    return true
  })
}

type Reported = { email: string; kind: EmailEvent['kind']; addresses: { hash: Buffer; reply: string | null }[] }

async function applyEvent(db: Kysely<unknown>, { email, kind, addresses }: Reported): Promise<void> {
  if (kind === 'open') await sql`update emails set opens = opens + 1 where email = ${email}`.execute(db)
  if (kind === 'click') await sql`update emails set clicks = clicks + 1 where email = ${email}`.execute(db)
  const becomes = replaces[kind]
  if (!becomes) return
  for (const { hash, reply } of addresses)
    await sql`
      update email_recipients set state = ${becomes.state}, reply = coalesce(${reply}, reply)
      where email = ${email} and address_hash = ${hash} and state = any(${becomes.from})`.execute(db)
  await settleState(db, email, false)
}

async function findEmail(db: Kysely<unknown>, { email, providerId }: EmailEvent): Promise<string | undefined> {
  const { rows } = await sql<{ email: string }>`
    select email from emails where email = ${email ?? null}::uuid or provider_id = ${providerId ?? null} limit 1
    for update`.execute(db)
  return rows[0]?.email
}

async function suppress(
  { cipher }: Deps,
  db: Kysely<unknown>,
  { address, hash, reason }: { address: string; hash: Buffer; reason: string },
): Promise<void> {
  const sealed = await cipher.encrypt(address, suppressionPlace(hash))
  await sql`insert into email_suppressions (address_hash, address, reason) values (${hash}, ${sealed}, ${reason})
    on conflict do nothing`.execute(db)
}
