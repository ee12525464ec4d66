import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { FieldCipher } from '#platform/encryption'
import type { Attachment, NewEmail, RequestedEmail } from '../email-store.ts'
import type { Recipient } from '../limits.ts'
import type { HashAddress } from './address-hash.ts'
import { addressPlace, attachmentsPlace, contentPlace } from './places.ts'

type Deps = { cipher: FieldCipher; hashAddress: HashAddress }

/** Keeps a request and its messages; of a requester's idempotency key that is known, only says what there is. */
export async function addEmail(
  { cipher, hashAddress }: Deps,
  email: NewEmail,
  db: Kysely<unknown>,
): Promise<RequestedEmail> {
  const request = randomUUID()
  const content = await cipher.encrypt(JSON.stringify(email.content), contentPlace(request))
  const attachments =
    email.attachments.length === 0
      ? null
      : await cipher.encrypt(JSON.stringify(email.attachments.map(writeAttachment)), attachmentsPlace(request))
  const { idempotencyKey = null, requestedBy, template, version, language } = email
  const added = await sql`
    insert into email_requests (request, idempotency_key, requested_by, template, version, language, content, attachments)
    values (${request}, ${idempotencyKey}, ${requestedBy}, ${template}, ${version}, ${language}, ${content}, ${attachments})
    on conflict (requested_by, idempotency_key) do nothing`.execute(db)
  if (added.numAffectedRows === 0n) return await findRequested(db, requestedBy, idempotencyKey)
  const emails: string[] = []
  for (const [part, recipients] of email.parts.entries()) {
    const id = randomUUID()
    emails.push(id)
    await sql`insert into emails (email, request, part, state) values (${id}, ${request}, ${part}, 'requested')`.execute(
      db,
    )
    await addRecipients({ cipher, hashAddress }, db, { email: id, recipients })
  }
  return { request, emails, isNew: true }
}

async function addRecipients(
  { cipher, hashAddress }: Deps,
  db: Kysely<unknown>,
  { email, recipients }: { email: string; recipients: Recipient[] },
): Promise<void> {
  const rows = await Promise.all(
    recipients.map(async ({ kind, address }, position) => {
      const sealed = await cipher.encrypt(address, addressPlace(email, position))
      return sql`(${email}, ${position}::integer, ${kind}, ${sealed}, ${await hashAddress(address)}, 'requested')`
    }),
  )
  await sql`
    insert into email_recipients (email, position, kind, address, address_hash, state) values ${sql.join(rows)}`.execute(
    db,
  )
}

async function findRequested(db: Kysely<unknown>, requestedBy: string, key: string | null): Promise<RequestedEmail> {
  const { rows } = await sql<{ request: string; email: string }>`
    select r.request, e.email from email_requests r join emails e using (request)
    where r.requested_by = ${requestedBy} and r.idempotency_key = ${key} order by e.part`.execute(db)
  return { request: rows[0]?.request ?? '', emails: rows.map(({ email }) => email), isNew: false }
}

const writeAttachment = ({ content, ...facts }: Attachment) => ({ ...facts, content: content.toString('base64') })

/** The inverse of how attachments are kept. */
export function readAttachments(text: string): Attachment[] {
  const kept = JSON.parse(text) as (Omit<Attachment, 'content'> & { content: string })[]
  return kept.map(({ content, ...facts }) => ({ ...facts, content: Buffer.from(content, 'base64') }))
}
