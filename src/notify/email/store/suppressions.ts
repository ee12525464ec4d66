import { type Kysely, sql } from 'kysely'
import type { FieldCipher } from '#platform/encryption'
import type { Suppression, SuppressionFilter } from '../email-store.ts'
import type { HashAddress } from './address-hash.ts'
import { suppressionPlace } from './places.ts'

type Deps = { kysely: Kysely<unknown>; cipher: FieldCipher; hashAddress: HashAddress }
type Row = { hash: Buffer; address: Buffer; reason: Suppression['reason']; since: Date }

/** Addresses that get nothing, newest first. Of `address` only the whole one finds. */
export async function listSuppressions(
  { kysely, cipher, hashAddress }: Deps,
  { address, limit, after }: SuppressionFilter,
): Promise<Suppression[]> {
  const isIt = address === undefined ? sql`true` : sql`address_hash = ${await hashAddress(address)}`
  const isAfter = after ? sql`(since, address_hash) < (${after.at}, ${Buffer.from(after.id, 'hex')})` : sql`true`
  const { rows } = await sql<Row>`
    select address_hash as hash, address, reason, since from email_suppressions where ${isIt} and ${isAfter}
    order by since desc, address_hash desc limit ${limit}`.execute(kysely)
  return await Promise.all(rows.map((row) => openRow(cipher, row)))
}

/** Lets an address have mail again; answers what was lifted. */
export async function liftSuppression(
  { cipher }: Pick<Deps, 'cipher'>,
  suppression: string,
  db: Kysely<unknown>,
): Promise<Suppression | undefined> {
  const { rows } = await sql<Row>`
    delete from email_suppressions where address_hash = ${Buffer.from(suppression, 'hex')}
    returning address_hash as hash, address, reason, since`.execute(db)
  return rows[0] && (await openRow(cipher, rows[0]))
}

async function openRow(cipher: FieldCipher, { hash, address, reason, since }: Row): Promise<Suppression> {
  const opened = await cipher.decrypt(address, suppressionPlace(hash))
  return { suppression: hash.toString('hex'), address: opened, reason, since }
}
