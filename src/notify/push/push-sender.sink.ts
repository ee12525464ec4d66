import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Database } from '#platform/database'
import type { FieldCipher } from '#platform/encryption'
import type { PushSender } from './push-sender.ts'
import { recordPlace } from './sealed-columns.ts'
import { shownOf } from './sink-records.ts'

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
