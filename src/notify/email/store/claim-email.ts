import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { FieldCipher } from '#platform/encryption'
import type { Claim } from '../email-store.ts'
import type { RecipientKind } from '../limits.ts'
import type { RenderedMail } from '../templates/render-template.ts'
import { readAttachments } from './add-email.ts'
import { addressPlace, attachmentsPlace, contentPlace } from './places.ts'
import { settleState } from './settle-state.ts'

type Deps = { kysely: Kysely<unknown>; cipher: FieldCipher }
type RequestRow = { request: string; content: Buffer; attachments: Buffer | null }
type RecipientRow = { position: number; kind: RecipientKind; address: Buffer; state: string }

/**
 * Makes a message the caller's to send. One that another worker was sending when its claim ran out is sent again: nobody knows whether
 * it went. Recipients who are suppressed by now are left out.
 */
export async function claimEmail({ kysely, cipher }: Deps, email: string, forMs: number): Promise<Claim> {
  const claim = randomUUID()
  const found = await kysely.transaction().execute(async (transaction) => {
    const taken = await sql`
      update emails set state = 'sending', claim = ${claim}, attempts = attempts + 1, error = null, reply = null,
        claimed_until = clock_timestamp() + make_interval(secs => ${forMs / 1000})
      where email = ${email} and (state in ('requested', 'failed')
        or state = 'sending' and claimed_until < clock_timestamp())`.execute(transaction)
    if (taken.numAffectedRows === 0n) return undefined
    await sql`
      update email_recipients r set state = 'suppressed' from email_suppressions s
      where r.email = ${email} and r.state = 'requested' and s.address_hash = r.address_hash`.execute(transaction)
    return await readParts(transaction, email)
  })
  if (!found) return (await isBeingSent(kysely, email)) ? 'busy' : 'done'
  const addresses = await Promise.all(
    found.recipients.map(async ({ position, kind, address, state }) => {
      return { kind, state, address: await cipher.decrypt(address, addressPlace(email, position)) }
    }),
  )
  const pending = addresses.filter(({ state }) => state === 'requested').map(({ address }) => address)
  if (pending.length === 0) {
    await settleState(kysely, email)
    return 'done'
  }
  const { request, content, attachments } = found.request
  const mail = JSON.parse(await cipher.decrypt(content, contentPlace(request))) as RenderedMail
  const named = (kind: RecipientKind) => addresses.filter((one) => one.kind === kind).map(({ address }) => address)
  const files =
    attachments === null ? [] : readAttachments(await cipher.decrypt(attachments, attachmentsPlace(request)))
  return { claim, pending, outgoing: { email, to: named('to'), cc: named('cc'), ...mail, attachments: files } }
}

async function readParts(db: Kysely<unknown>, email: string) {
  const requests = await sql<RequestRow>`
    select r.request, r.content, r.attachments from email_requests r join emails e using (request)
    where e.email = ${email}`.execute(db)
  const recipients = await sql<RecipientRow>`
    select position, kind, address, state from email_recipients where email = ${email} order by position`.execute(db)
  const [request] = requests.rows
  return request && { request, recipients: recipients.rows }
}

async function isBeingSent(kysely: Kysely<unknown>, email: string): Promise<boolean> {
  const { rows } = await sql`select 1 from emails where email = ${email} and state = 'sending'`.execute(kysely)
  return rows.length > 0
}
