import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Database } from '#platform/database'
import type { FieldCipher } from '#platform/encryption'

/** The trail's own keys by what they are for. They lie sealed in the database; what they sealed need not change with a master key. */
export type AuditKeys = {
  /** The key of a purpose (32 bytes), made by the first process that needs it. */
  take(purpose: string): Promise<Buffer>
  /** The key of a purpose that has been used before. Throws when it is gone. */
  find(purpose: string): Promise<Buffer>
}

/** Of which month the key of an entry is: the year and the month in UTC, as in 202611. */
export function monthOf(at: Date): number {
  return at.getUTCFullYear() * 100 + at.getUTCMonth() + 1
}

export const marksPurpose = 'marks'
const entriesPrefix = 'entries-'
export const purposeOfMonth = (month: number): string => `${entriesPrefix}${month}`

/** A key is read once and then kept in memory: there is one a month. */
export function createAuditKeys(database: Database, cipher: FieldCipher): AuditKeys {
  const known = new Map<string, Promise<Buffer>>()
  const remember = (purpose: string, read: () => Promise<Buffer>) => {
    const reading = known.get(purpose) ?? read()
    known.set(purpose, reading)
    // A failure is not remembered.
    reading.catch(() => known.delete(purpose))
    return reading
  }
  return {
    take: (purpose) =>
      remember(purpose, async () => {
        return (await readKey(database, cipher, purpose)) ?? (await makeKey(database, cipher, purpose))
      }),
    find: (purpose) =>
      remember(purpose, async () => (await readKey(database, cipher, purpose)) ?? refuseMissing(purpose)),
  }
}

/** Removes the keys of months from which no entry is left; that of the month before stays for entries under way. */
export async function removeUnusedKeys({ kysely: db }: Database): Promise<void> {
  const { rows } = await sql<{
    oldest: Date | null
  }>`select min(at) - interval '31 days' as oldest from audit_log`.execute(db)
  const oldest = rows[0]?.oldest
  if (!oldest) return
  await sql`
    delete from audit_secrets
    where starts_with(purpose, ${entriesPrefix}) and purpose < ${purposeOfMonth(monthOf(oldest))}`.execute(db)
}

const placeOf = (row: string) => ({ table: 'audit_secrets', column: 'secret', row })

async function readKey({ kysely: db }: Database, cipher: FieldCipher, purpose: string): Promise<Buffer | undefined> {
  const { rows } = await sql<{ secret: Buffer }>`
    select secret from audit_secrets where purpose = ${purpose}`.execute(db)
  return rows[0] && Buffer.from(await cipher.decrypt(rows[0].secret, placeOf(purpose)), 'base64')
}

/** Of several processes one makes it; the others take that. */
async function makeKey(database: Database, cipher: FieldCipher, purpose: string): Promise<Buffer> {
  const made = await cipher.encrypt(randomBytes(32).toString('base64'), placeOf(purpose))
  await sql`
    insert into audit_secrets (purpose, secret) values (${purpose}, ${made}) on conflict do nothing`.execute(
    database.kysely,
  )
  return (await readKey(database, cipher, purpose)) ?? refuseMissing(purpose)
}

function refuseMissing(purpose: string): never {
  throw new Error(`The audit trail's key "${purpose}" is missing`)
}
