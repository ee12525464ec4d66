import { type Kysely, sql } from 'kysely'
import type { FieldCipher } from '#platform/encryption'
import { type DeviceContent, dataOf } from './push-content.ts'
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

/** What of a message a device shows, and gives to its app. */
export const shownOf = (content: DeviceContent) => ({
  ...(content.notification && { notification: content.notification }),
  data: dataOf(content),
})

export type SinkFilter = {
  push?: string | undefined
  limit: number
  after?: { at: Date; id: string } | undefined
}

/** The newest of what was recorded, of one message or of all. */
export async function listSink(
  { kysely, cipher }: { kysely: Kysely<unknown>; cipher: FieldCipher },
  { push, limit, after }: SinkFilter,
): Promise<SinkRecord[]> {
  const isOf = push === undefined ? sql`true` : sql`push = ${push}`
  const isAfter = after ? sql`(recorded_at, record) < (${after.at}, ${after.id})` : sql`true`
  const { rows } = await sql<{ record: string; push: string; device: string; content: Buffer; recordedAt: Date }>`
    select record, push, device, content, recorded_at as "recordedAt" from push_sink
    where ${isOf} and ${isAfter} order by recorded_at desc, record desc limit ${limit}`.execute(kysely)
  return await Promise.all(
    rows.map(async ({ content, ...row }) => {
      const shown = JSON.parse(await cipher.decrypt(content, recordPlace(row.record))) as ReturnType<typeof shownOf>
      return { ...row, ...shown }
    }),
  )
}
