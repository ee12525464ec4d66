import { randomUUID } from 'node:crypto'
import { sql, type Transaction } from 'kysely'
import type { FieldCipher } from '#platform/encryption'
import type { KeyedHash } from '../../keyed-hash.ts'
import { namePlace, tokenPlace } from '../sealed-columns.ts'
import type { NewDevice, Registered } from './device-store.ts'

type Deps = { cipher: FieldCipher; hashToken: KeyedHash }

const personLock = 7_146_201_180
const tokenLock = 7_146_201_181

/**
 * Keeps a device by its token. A token that was somebody else's is this person's from now on: the other has signed out of that app, and
 * what is meant for them must not be shown there.
 */
export async function registerDevice(
  { cipher, hashToken }: Deps,
  userId: string,
  { device: wish, most }: { device: NewDevice; most: number },
  db: Transaction<unknown>,
): Promise<Registered | 'full'> {
  const { token, platform, name, language } = wish
  const hash = await hashToken(token)
  await lock(db, userId, personLock)
  await lock(db, hash.toString('hex'), tokenLock)
  const { rows } = await sql<{ device: string; user_id: string }>`
    select device, user_id from push_devices where token_hash = ${hash}`.execute(db)
  const [known] = rows
  const isOwn = known?.user_id === userId
  const device = isOwn ? known.device : randomUUID()
  const sealedName = name === undefined ? null : await cipher.encrypt(name, namePlace(device))
  if (isOwn) {
    await sql`
      update push_devices set platform = ${platform}, name = ${sealedName}, language = ${language}, seen_at = now()
      where device = ${device}`.execute(db)
    return { device, isNew: false, replaced: undefined }
  }
  const counted = await sql<{ count: number }>`
    select count(*)::integer as count from push_devices where user_id = ${userId}`.execute(db)
  if ((counted.rows[0]?.count ?? 0) >= most) return 'full'
  if (known) await sql`delete from push_devices where device = ${known.device}`.execute(db)
  await sql`
    insert into push_devices (device, user_id, token, token_hash, platform, name, language)
    values (${device}, ${userId}, ${await cipher.encrypt(token, tokenPlace(device))}, ${hash}, ${platform}, ${sealedName},
      ${language})`.execute(db)
  return { device, isNew: true, replaced: known?.device }
}

/** One at a time until the transaction's end, of those that name the same. */
async function lock(db: Transaction<unknown>, name: string, seed: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, ${sql.lit(seed)}))`.execute(db)
}
