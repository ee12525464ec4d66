import { type Kysely, sql } from 'kysely'
import type { Database } from '#platform/database'
import type { PublicSigningKey, SigningKeyStore, StoredSigningKey } from './signing-key-store.ts'

type Row = { kid: string; public_key: PublicSigningKey; private_key: Buffer; signs_from: Date; retires_at: Date | null }
type Db = Kysely<{ auth_signing_keys: Row }>

/** Held while keys are added or retired, by whichever process comes first. */
const changeLock = 7_146_201_126

/** Signing keys in PostgreSQL. */
export function createPostgresSigningKeyStore(database: Database): SigningKeyStore {
  const db: Db = database.kysely.withTables<{ auth_signing_keys: Row }>()
  const inTurn = <T>(work: (trx: Db) => Promise<T>) =>
    db.transaction().execute(async (trx) => {
      await sql`select pg_advisory_xact_lock(${sql.lit(changeLock)})`.execute(trx)
      return await work(trx)
    })
  return {
    listKeys: () => listKeys(db),
    addFirstKey: (key) =>
      inTurn(async (trx) => {
        const existing = await trx.selectFrom('auth_signing_keys').select('kid').limit(1).executeTakeFirst()
        if (!existing) await addKey(trx, key)
      }),
    changeKeys: (decide) =>
      inTurn(async (trx) => {
        const change = await decide(await listKeys(trx))
        if (!change) return
        for (const { kid, retiresAt } of change.retire)
          await trx.updateTable('auth_signing_keys').set({ retires_at: retiresAt }).where('kid', '=', kid).execute()
        for (const kid of change.remove) await trx.deleteFrom('auth_signing_keys').where('kid', '=', kid).execute()
        if (change.add) await addKey(trx, change.add)
      }),
  }
}

async function listKeys(db: Db): Promise<StoredSigningKey[]> {
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
}

async function addKey(db: Db, key: StoredSigningKey): Promise<void> {
  const row = {
    kid: key.kid,
    public_key: key.publicKey,
    private_key: key.privateKey,
    signs_from: key.signsFrom,
    retires_at: key.retiresAt,
  }
  await db.insertInto('auth_signing_keys').values(row).execute()
}
