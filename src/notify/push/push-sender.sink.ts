import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Database } from '#platform/database'
import type { FieldCipher } from '#platform/encryption'
import { type DeviceContent, dataOf } from './push-content.ts'
import type { PushSender } from './push-sender.ts'
import { recordPlace } from './sealed-columns.ts'

/** What a device would have shown, and been given as data. */
export type SinkRecord = {
  record: string
  push: string
  device: string
  recordedAt: Date
  notification?: { title: string; body: string } | undefined
  data: Record<string, string>
}

type Deps = { database: Database; cipher: FieldCipher }

/** Records instead of sending, for where no provider is configured. */
export function createSinkSender({ database: { kysely }, cipher }: Deps): PushSender {
  const close = async () => undefined
  return {
    send: async ({ device, content }) => {
      const record = randomUUID()
      const sealed = await cipher.encrypt(JSON.stringify(shownOf(content)), recordPlace(record))
      await sql`
        insert into push_sink (record, push, device, content) values (${record}, ${content.push}, ${device}, ${sealed})`.execute(
        kysely,
      )
      return { providerId: `sink/${record}` }
    },
    concurrency: 4,
    close,
    [Symbol.asyncDispose]: close,
  }
}

const shownOf = (content: DeviceContent) => ({
  ...(content.notification && { notification: content.notification }),
  data: dataOf(content),
})

/** The newest of what was recorded, of one message or of all. */
export async function listSink(
  { kysely, cipher }: { kysely: Kysely<unknown>; cipher: FieldCipher },
  { push = null, limit }: { push?: string | undefined | null; limit: number },
): Promise<SinkRecord[]> {
  const { rows } = await sql<{ record: string; push: string; device: string; content: Buffer; recordedAt: Date }>`
    select record, push, device, content, recorded_at as "recordedAt" from push_sink
    where ${push}::uuid is null or push = ${push}::uuid order by recorded_at desc, record desc limit ${limit}`.execute(
    kysely,
  )
  return await Promise.all(
    rows.map(async ({ content, ...row }) => {
      const shown = JSON.parse(await cipher.decrypt(content, recordPlace(row.record))) as ReturnType<typeof shownOf>
      return { ...row, ...shown }
    }),
  )
}
