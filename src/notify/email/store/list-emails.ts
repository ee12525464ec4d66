import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { FieldCipher } from '#platform/encryption'
import type { EmailDetail, EmailFilter, EmailRecord, RecipientState, ReportedEvent } from '../email-store.ts'
import type { RecipientKind } from '../limits.ts'
import type { RenderedMail } from '../templates/render-template.ts'
import type { HashAddress } from './address-hash.ts'
import { addressPlace, contentPlace } from './places.ts'

type Deps = { kysely: Kysely<unknown>; cipher: FieldCipher; hashAddress: HashAddress }

/** Opens and clicks come without end; the newest of them say enough. */
const mostEvents = 100

/** Messages that fit `filter`, newest first. Of `recipient` only the whole address finds. */
export async function listEmails({ kysely, hashAddress }: Deps, filter: EmailFilter): Promise<EmailRecord[]> {
  const { state = null, recipient, from = null, to = null, limit, after } = filter
  const hash = recipient === undefined ? undefined : await hashAddress(recipient)
  const isTo = hash
    ? sql`exists (select 1 from email_recipients p where p.email = e.email and p.address_hash = ${hash})`
    : sql`true`
  const isAfter = after ? sql`(e.requested_at, e.email) < (${after.at}, ${after.id})` : sql`true`
  const isIn = sql`(${from}::timestamptz is null or e.requested_at >= ${from})
    and (${to}::timestamptz is null or e.requested_at <= ${to})`
  return await select(
    kysely,
    sql`(${state}::text is null or e.state = ${state}) and ${isIn} and ${isTo} and ${isAfter}`,
    limit,
  )
}

/** One message with its recipients and what was reported of it. */
export async function readEmail(deps: Deps, email: string): Promise<EmailDetail | undefined> {
  const { kysely, cipher } = deps
  const [record] = await select(kysely, sql`e.email = ${email}`, 1)
  if (!record) return undefined
  const { request } = record
  const contents = await sql<{
    content: Buffer
  }>`select content from email_requests where request = ${request}`.execute(kysely)
  const content = contents.rows[0]?.content ?? Buffer.alloc(0)
  const { subject } = JSON.parse(await cipher.decrypt(content, contentPlace(request))) as RenderedMail
  const events = await sql<ReportedEvent>`
    select kind, occurred_at as at from email_events where email = ${email}
    order by occurred_at desc, event limit ${mostEvents}`.execute(kysely)
  return { ...record, subject, recipients: await readRecipients(deps, email), events: events.rows }
}

type RecipientRow = {
  position: number
  kind: RecipientKind
  address: Buffer
  state: RecipientState
  reply: string | null
}

async function readRecipients({ kysely, cipher }: Deps, email: string): Promise<EmailDetail['recipients']> {
  const { rows } = await sql<RecipientRow>`
    select position, kind, address, state, reply from email_recipients where email = ${email} order by position`.execute(
    kysely,
  )
  return await Promise.all(
    rows.map(async ({ position, kind, address, state, reply }) => {
      return { kind, state, reply, address: await cipher.decrypt(address, addressPlace(email, position)) }
    }),
  )
}

async function select(kysely: Kysely<unknown>, where: RawBuilder<unknown>, limit: number): Promise<EmailRecord[]> {
  const { rows } = await sql<EmailRecord>`
    select e.email, e.request, e.part, e.state, r.template, r.version, r.language, e.attempts, e.error, e.reply, e.opens, e.clicks,
      r.requested_by as "requestedBy", e.requested_at as "requestedAt", e.sent_at as "sentAt"
    from emails e join email_requests r using (request) where ${where}
    order by e.requested_at desc, e.email desc limit ${limit}`.execute(kysely)
  return rows
}
