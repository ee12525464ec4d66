import { createHmac, randomBytes } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { FieldCipher } from '#platform/encryption'

/** The same for the same address, whatever its case: what an address is found by. */
export type HashAddress = (address: string) => Promise<Buffer>

const place = { table: 'email_hash_key', column: 'key', row: 'true' }

/** HMAC-SHA256 of addresses, with a key that is made once and kept sealed. */
export function createAddressHash(kysely: Kysely<unknown>, cipher: FieldCipher): HashAddress {
  let key: Promise<Buffer> | undefined
  return async (address) => {
    key ??= openKey(kysely, cipher)
    key.catch(() => {
      key = undefined
    })
    return createHmac('sha256', await key)
      .update(address.trim().toLowerCase())
      .digest()
  }
}

async function openKey(kysely: Kysely<unknown>, cipher: FieldCipher): Promise<Buffer> {
  const read = async () => (await sql<{ key: Buffer }>`select key from email_hash_key`.execute(kysely)).rows[0]
  const known = await read()
  if (!known) {
    const sealed = await cipher.encrypt(randomBytes(32).toString('base64'), place)
    // Of several that start at once one makes it.
    await sql`insert into email_hash_key (key) values (${sealed}) on conflict do nothing`.execute(kysely)
  }
  const { key } = known ?? (await read()) ?? {}
  if (!key) throw new Error('The key of the address hashes is missing')
  return Buffer.from(await cipher.decrypt(key, place), 'base64')
}
