import { sql } from 'kysely'
import type { Database } from '#platform/database'
import type { PublicSigningKey, SigningKeyStore } from './signing-key-store.ts'

type Row = { kid: string; public_key: PublicSigningKey; private_key: Buffer; signs_from: Date; retires_at: Date | null }

/** Held while the first key is added, by whichever replica comes first. */
const firstKeyLock = 7_146_201_126

/** Signing keys in PostgreSQL. */
export function createPostgresSigningKeyStore(database: Database): SigningKeyStore {
  const db = database.kysely.withTables<{ auth_signing_keys: Row }>()
  return {
    async listKeys() {
      const rows = await db
        .selectFrom('auth_signing_keys')
        .selectAll()
        .orderBy('signs_from', 'desc')
        .orderBy('kid')
        .execute()
      return rows.map((row) => ({
        kid: row.kid,
        publicKey: row.public_key,
        privateKey: row.private_key,
        signsFrom: row.signs_from,
        retiresAt: row.retires_at,
      }))
    },
    async addFirstKey(key) {
      await db.transaction().execute(async (trx) => {
        await sql`select pg_advisory_xact_lock(${sql.lit(firstKeyLock)})`.execute(trx)
        const existing = await trx.selectFrom('auth_signing_keys').select('kid').limit(1).executeTakeFirst()
        if (existing) return
        const row = {
          kid: key.kid,
          public_key: key.publicKey,
          private_key: key.privateKey,
          signs_from: key.signsFrom,
          retires_at: key.retiresAt,
        }
        await trx.insertInto('auth_signing_keys').values(row).execute()
      })
    },
  }
}
