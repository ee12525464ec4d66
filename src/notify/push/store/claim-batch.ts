import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { FieldCipher } from '#platform/encryption'
import { contentFor, type DeviceContent, type PushLanguage } from '../push-content.ts'
import type { BatchClaim, PushState } from '../push-store.ts'
import { tokenPlace } from '../sealed-columns.ts'
import { openContent } from './add-push.ts'
import { settleBatch } from './settle.ts'

type Deps = { kysely: Kysely<unknown>; cipher: FieldCipher }
type Row = { device: string; token: Buffer | null; language: PushLanguage }
type Message = { content: Buffer; due_at: Date; state: PushState }

/**
 * Makes a batch the caller's to send: those of its devices that have not been reached. One whose worker died is free when its claim runs
 * out. Devices that were removed meanwhile are `unregistered`; of a message that was cancelled none is left.
 */
export async function claimBatch(
  { kysely, cipher }: Deps,
  { push, batch }: { push: string; batch: number },
  leaseMs: number,
): Promise<BatchClaim> {
  const claim = randomUUID()
  const found = await kysely.transaction().execute(async (transaction) => {
    // Before all else, as cancelling does, which waits for this or is waited for.
    const messages = await sql<Message>`
      select content, due_at, state from push_messages where push = ${push} for share`.execute(transaction)
    const [message] = messages.rows
    const taken = await sql`
      update push_batches set claim = ${claim}, claimed_until = clock_timestamp() + make_interval(secs => ${leaseMs / 1000})
      where push = ${push} and batch = ${batch} and (claim is null or claimed_until < clock_timestamp())`.execute(
      transaction,
    )
    if (taken.numAffectedRows === 0n) return undefined
    const isBatch = sql`push = ${push} and batch = ${batch}`
    if (message?.state === 'cancelled') {
      await sql`
        update push_deliveries set state = 'cancelled'
        where ${isBatch} and state in ('pending', 'undelivered')`.execute(transaction)
      return { rows: [], message }
    }
    await sql`
      update push_deliveries x set state = 'unregistered', error = 'PUSH_DEVICE_REMOVED'
      where ${isBatch} and state in ('pending', 'undelivered')
        and not exists (select 1 from push_devices d where d.device = x.device)`.execute(transaction)
    await sql`update push_deliveries set state = 'pending' where ${isBatch} and state = 'undelivered'`.execute(
      transaction,
    )
    const { rows } = await sql<Row>`
      select x.device, d.token, d.language from push_deliveries x left join push_devices d using (device)
      where x.push = ${push} and x.batch = ${batch} and x.state = 'pending' order by x.device`.execute(transaction)
    return { rows, message }
  })
  if (!found) return (await hasBatch(kysely, push, batch)) ? 'busy' : 'done'
  const { rows, message } = found
  if (rows.length === 0 || !message) {
    await settleBatch(kysely, { push, batch, claim })
    return 'done'
  }
  const { content } = await openContent(cipher, push, message.content)
  const contents = new Map<PushLanguage, DeviceContent>()
  const contentIn = (language: PushLanguage) => {
    const known = contents.get(language) ?? contentFor(language, { push, content, dueAt: message.due_at })
    contents.set(language, known)
    return known
  }
  const deliveries = await Promise.all(
    rows.map(async ({ device, token, language }) => {
      const opened = await cipher.decrypt(token ?? Buffer.alloc(0), tokenPlace(device))
      return { device, token: opened, content: contentIn(language) }
    }),
  )
  return { claim, push, batch, deliveries }
}

async function hasBatch(kysely: Kysely<unknown>, push: string, batch: number): Promise<boolean> {
  const { rows } = await sql`select 1 from push_batches where push = ${push} and batch = ${batch}`.execute(kysely)
  return rows.length > 0
}
