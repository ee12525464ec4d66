import { createHmac, randomBytes } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { FieldCipher } from '#platform/encryption'

/** The same for the same text: what a sealed value is found by. */
export type KeyedHash = (text: string) => Promise<Buffer>

/** HMAC-SHA256 with a key that is made once and kept sealed in the one row of `table` (column `key`). */
export function createKeyedHash(kysely: Kysely<unknown>, cipher: FieldCipher, table: string): KeyedHash {
  let key: Promise<Buffer> | undefined
  return async (text) => {
    key ??= openKey(kysely, cipher, table)
    key.catch(() => {
      key = undefined
    })
    return createHmac('sha256', await key)
      .update(text)
      .digest()
  }
}

async function openKey(kysely: Kysely<unknown>, cipher: FieldCipher, table: string): Promise<Buffer> {
  const place = { table, column: 'key', row: 'true' }
  const read = async () => (await sql<{ key: Buffer }>`select key from ${sql.id(table)}`.execute(kysely)).rows[0]
  const known = await read()
  if (!known) {
    const sealed = await cipher.encrypt(randomBytes(32).toString('base64'), place)
    // Of several that start at once one makes it.
    await sql`insert into ${sql.id(table)} (key) values (${sealed}) on conflict do nothing`.execute(kysely)
  }
  const { key } = known ?? (await read()) ?? {}
  if (!key) throw new Error(`The key in ${table} is missing`)
  return Buffer.from(await cipher.decrypt(key, place), 'base64')
}
