import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Database } from '#platform/database'
import type { FieldCipher } from '#platform/encryption'
import type { EmailDetail, EmailRecord, EmailStore, RecipientState } from './email-store.ts'
import type { RecipientKind } from './limits.ts'
import { addEmail } from './store/add-email.ts'
import { createAddressHash } from './store/address-hash.ts'
import { claimEmail } from './store/claim-email.ts'
import { addressPlace, contentPlace } from './store/places.ts'
import { recordEvent } from './store/record-event.ts'
import { recordFailure, recordSent } from './store/record-outcome.ts'
import type { RenderedMail } from './templates/render-template.ts'

type Deps = { database: Database; cipher: FieldCipher }

/** Emails in our PostgreSQL. What is personal in them is sealed, and addresses are found by their hash. */
export function createPostgresEmailStore({ database: { kysely }, cipher }: Deps): EmailStore {
  const hashAddress = createAddressHash(kysely, cipher)
  const deps = { kysely, cipher, hashAddress }
  return {
    add: (email, within) => addEmail(deps, email, within),
    claim: (email, forMs) => claimEmail(deps, email, forMs),
    recordSent: (email, sent, isLast) => recordSent(deps, { email, isLast }, sent),
    recordFailure: ({ claim }, email, failure, isLast) => recordFailure(deps, { claim, email }, failure, isLast),
    recordEvent: (event) => recordEvent(deps, event),
    list: async ({ state = null, limit, after }) => {
      const isAfter = after ? sql`(e.requested_at, e.email) < (${after.at}, ${after.id})` : sql`true`
      return await select(kysely, sql`(${state}::text is null or e.state = ${state}) and ${isAfter}`, limit)
    },
    read: async (email) => {
      const [record] = await select(kysely, sql`e.email = ${email}`, 1)
      return record && (await readDetail(deps, record))
    },
    removeOlderThan: async (days) => {
      const before = sql`now() - make_interval(days => ${days})`
      const removed = await sql`delete from email_requests where requested_at < ${before}`.execute(kysely)
      await sql`delete from email_events where received_at < ${before}`.execute(kysely)
      return Number(removed.numAffectedRows ?? 0n)
    },
  }
}

async function select(kysely: Kysely<unknown>, where: RawBuilder<unknown>, limit: number): Promise<EmailRecord[]> {
  const { rows } = await sql<EmailRecord>`
    select e.email, e.request, e.part, e.state, r.template, r.version, r.language, e.attempts, e.error, e.reply, e.opens, e.clicks,
      r.requested_by as "requestedBy", e.requested_at as "requestedAt", e.sent_at as "sentAt"
    from emails e join email_requests r using (request) where ${where}
    order by e.requested_at desc, e.email desc limit ${limit}`.execute(kysely)
  return rows
}

type RecipientRow = {
  position: number
  kind: RecipientKind
  address: Buffer
  state: RecipientState
  reply: string | null
}

async function readDetail(
  { kysely, cipher }: { kysely: Kysely<unknown>; cipher: FieldCipher },
  record: EmailRecord,
): Promise<EmailDetail> {
  const { email, request } = record
  const contents = await sql<{
    content: Buffer
  }>`select content from email_requests where request = ${request}`.execute(kysely)
  const { rows } = await sql<RecipientRow>`
    select position, kind, address, state, reply from email_recipients where email = ${email} order by position`.execute(
    kysely,
  )
  const recipients = await Promise.all(
    rows.map(async ({ position, kind, address, state, reply }) => {
      return { kind, state, reply, address: await cipher.decrypt(address, addressPlace(email, position)) }
    }),
  )
  const content = contents.rows[0]?.content ?? Buffer.alloc(0)
  const { subject } = JSON.parse(await cipher.decrypt(content, contentPlace(request))) as RenderedMail
  return { ...record, subject, recipients }
}
