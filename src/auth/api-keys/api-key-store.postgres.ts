import { type Kysely, sql, type Transaction } from 'kysely'
import type { Database } from '#platform/database'
import { type Role, roles } from '../actor.ts'
import type { RecordChange } from '../record-change.ts'
import { type ApiKey, type Scope, scopes } from './api-key.ts'
import type { ApiKeyStore } from './api-key-store.ts'

type Row = {
  key_id: string
  prefix: string
  name: string
  owner_id: string
  roles: string[]
  scopes: string[]
  networks: string[]
  secret_hash: Buffer
  old_secret_hash: Buffer | null
  old_secret_until: Date | null
  created_at: Date
  created_by: string
  expires_at: Date
  rotated_at: Date | null
  last_used_at: Date | null
  revoked_at: Date | null
}
type Tables = { api_keys: Row }

const changeLock = 7_146_201_134

/** API keys in PostgreSQL. */
export function createPostgresApiKeyStore(database: Database): ApiKeyStore {
  const db = database.kysely.withTables<Tables>()
  const change = <T>(work: (transaction: Transaction<Tables>) => Promise<T>) =>
    db.transaction().execute(async (transaction) => {
      await sql`select pg_advisory_xact_lock(${sql.lit(changeLock)})`.execute(transaction)
      return await work(transaction)
    })
  return {
    findByPrefix: (prefix) => findOne(db, 'prefix', prefix),
    find: (keyId) => findOne(db, 'key_id', keyId),
    async list(most) {
      const rows = await db.selectFrom('api_keys').selectAll().orderBy('created_at', 'desc').limit(most).execute()
      return rows.map(toKey)
    },
    add: (key, most, record) =>
      change(async (transaction) => {
        const { count } = await inForce(transaction, key.createdAt)
          .select(({ fn }) => fn.countAll<string>().as('count'))
          .executeTakeFirstOrThrow()
        if (Number(count) >= most) return false
        await transaction.insertInto('api_keys').values(toRow(key)).execute()
        await record(key, transaction as Transaction<unknown>)
        return true
      }),
    rotate: (keyId, { secretHash, at, oldUntil }, record) =>
      change(async (transaction) => {
        const row = await transaction
          .updateTable('api_keys')
          .set((key) => ({
            ...{ old_secret_hash: key.ref('secret_hash'), old_secret_until: oldUntil },
            ...{ secret_hash: secretHash, rotated_at: at },
          }))
          .where('key_id', '=', keyId)
          .where('revoked_at', 'is', null)
          .where('expires_at', '>', at)
          .returningAll()
          .executeTakeFirst()
        return await finish(row, record, transaction)
      }),
    revoke: (keyId, at, record) =>
      change(async (transaction) => {
        const row = await transaction
          .updateTable('api_keys')
          .set((key) => ({ revoked_at: key.fn.coalesce('revoked_at', key.val(at)) }))
          .where('key_id', '=', keyId)
          .returningAll()
          .executeTakeFirst()
        return await finish(row, record, transaction)
      }),
    async noteUse(keyId, at, unlessAfter) {
      await db
        .updateTable('api_keys')
        .set({ last_used_at: at })
        .where('key_id', '=', keyId)
        .where((key) => key.or([key('last_used_at', 'is', null), key('last_used_at', '<', unlessAfter)]))
        .execute()
    },
  }
}

async function finish(
  row: Row | undefined,
  record: RecordChange<ApiKey>,
  transaction: Transaction<Tables>,
): Promise<ApiKey | undefined> {
  const key = row && toKey(row)
  if (key) await record(key, transaction as Transaction<unknown>)
  return key
}

function inForce(db: Kysely<Tables>, at: Date) {
  return db.selectFrom('api_keys').where('revoked_at', 'is', null).where('expires_at', '>', at)
}

async function findOne(db: Kysely<Tables>, by: 'prefix' | 'key_id', value: string): Promise<ApiKey | undefined> {
  const row = await db.selectFrom('api_keys').selectAll().where(by, '=', value).executeTakeFirst()
  return row && toKey(row)
}

/** A role or scope that this version does not know gives nothing. */
function toKey(row: Row): ApiKey {
  const { old_secret_hash: hash, old_secret_until: until } = row
  return {
    keyId: row.key_id,
    prefix: row.prefix,
    name: row.name,
    ownerId: row.owner_id,
    roles: roles.filter((role): role is Role => row.roles.includes(role)),
    scopes: scopes.filter((scope): scope is Scope => row.scopes.includes(scope)),
    networks: row.networks,
    secretHash: row.secret_hash,
    oldSecret: hash && until ? { hash, until } : undefined,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    rotatedAt: row.rotated_at ?? undefined,
    lastUsedAt: row.last_used_at ?? undefined,
    revokedAt: row.revoked_at ?? undefined,
  }
}

function toRow(key: ApiKey): Row {
  return {
    key_id: key.keyId,
    prefix: key.prefix,
    name: key.name,
    owner_id: key.ownerId,
    roles: key.roles,
    scopes: key.scopes,
    networks: key.networks,
    secret_hash: key.secretHash,
    old_secret_hash: key.oldSecret?.hash ?? null,
    old_secret_until: key.oldSecret?.until ?? null,
    created_at: key.createdAt,
    created_by: key.createdBy,
    expires_at: key.expiresAt,
    rotated_at: key.rotatedAt ?? null,
    last_used_at: key.lastUsedAt ?? null,
    revoked_at: key.revokedAt ?? null,
  }
}
