import { openDatabase } from '#platform/database'
import { createLogger } from '#platform/log'
import { dropSlot } from './postgres/replication-slot.ts'

/** A server ends the connection that used a slot a moment after it was closed; a database with a slot in use cannot be dropped. */
export async function dropTestSlot(url: string, slot: string): Promise<void> {
  await using database = openDatabase({ url, log: createLogger({ level: 'silent', role: 'test' }), poolSize: 1 })
  await dropSlot(database.kysely, slot)
}
