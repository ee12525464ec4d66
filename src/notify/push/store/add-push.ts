import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { FieldCipher } from '#platform/encryption'
import type { PushContent } from '../push-content.ts'
import type { NewPush } from '../push-store.ts'
import type { PushTarget } from '../push-target.ts'
import { contentPlace } from '../sealed-columns.ts'

type Sealed = { content: PushContent; target: PushTarget }

/** Keeps a message; of an idempotency key that is known, only says which it is. */
export async function addPush(
  cipher: FieldCipher,
  { idempotencyKey = undefined, requestedBy, kind, content, target, dueAt, isScheduled }: NewPush,
  db: Kysely<unknown>,
): Promise<{ push: string; isNew: boolean }> {
  const push = randomUUID()
  const sealed = await cipher.encrypt(JSON.stringify({ content, target } satisfies Sealed), contentPlace(push))
  const key = idempotencyKey ?? null
  const added = await sql`
    insert into push_messages (push, idempotency_key, requested_by, kind, content, state, due_at)
    values (${push}, ${key}, ${requestedBy}, ${kind}, ${sealed}, ${isScheduled ? 'scheduled' : 'requested'}, ${dueAt})
    on conflict (requested_by, idempotency_key) do nothing`.execute(db)
  if (added.numAffectedRows === 1n) return { push, isNew: true }
  const { rows } = await sql<{ push: string }>`
    select push from push_messages where requested_by = ${requestedBy} and idempotency_key = ${key}`.execute(db)
  return { push: rows[0]?.push ?? '', isNew: false }
}

/** What `addPush` sealed. */
export async function openContent(cipher: FieldCipher, push: string, sealed: Buffer): Promise<Sealed> {
  return JSON.parse(await cipher.decrypt(sealed, contentPlace(push))) as Sealed
}
