import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Database } from '#platform/database'
import type { StoredSession, TokenKey, TokenStore } from './token-store.ts'

type SessionRow = { session_id: string; record: Buffer; expires_at: Date; used_at: Date }
type Tables = {
  auth_sign_ins: { key: string; record: Buffer; expires_at: Date }
  auth_sessions: SessionRow & { marks: string[] }
  auth_refresh_tokens: { session_id: string; token_hash: string; successor: Buffer | null; rotated_at: Date | null }
  auth_claims: { key: string; expires_at: Date }
}

/** Sign-ins and sessions in PostgreSQL. `now` decides what has expired; tests move it. */
export function createPostgresTokenStore(database: Database, now: () => Date = () => new Date()): TokenStore {
  const db = database.kysely.withTables<Tables>()
  return {
    async saveSignIn(key, record, expiresAt) {
      await db.insertInto('auth_sign_ins').values({ key, record, expires_at: expiresAt }).execute()
    },
    async takeSignIn(key) {
      const row = await db
        .deleteFrom('auth_sign_ins')
        .where('key', '=', key)
        .returning(['record', 'expires_at'])
        .executeTakeFirst()
      return row && row.expires_at > now() ? row.record : undefined
    },
    async openSession({ sessionId, record, expiresAt, usedAt }, firstHash, marks) {
      await db.transaction().execute(async (trx) => {
        const session = { session_id: sessionId, record, marks, expires_at: expiresAt, used_at: usedAt }
        await trx.insertInto('auth_sessions').values(session).execute()
        const token = { session_id: sessionId, token_hash: firstHash, successor: null, rotated_at: null }
        await trx.insertInto('auth_refresh_tokens').values(token).execute()
      })
    },
    async isSessionOpen(sessionId) {
      const row = await db
        .selectFrom('auth_sessions')
        .select('session_id')
        .where('session_id', '=', sessionId)
        .where('expires_at', '>', now())
        .executeTakeFirst()
      return row !== undefined
    },
    async endSession(sessionId) {
      await db.deleteFrom('auth_sessions').where('session_id', '=', sessionId).execute()
      await db.deleteFrom('auth_refresh_tokens').where('session_id', '=', sessionId).execute()
    },
    async findSessions(mark) {
      const rows = await db
        .selectFrom('auth_sessions')
        .select(['session_id', 'record', 'expires_at', 'used_at'])
        .where(sql<boolean>`marks @> array[${mark}]`)
        .where('expires_at', '>', now())
        .execute()
      return rows.map(toSession)
    },
    async endSessions(mark) {
      const ended = await db
        .deleteFrom('auth_sessions')
        .where(sql<boolean>`marks @> array[${mark}]`)
        .returning(['session_id', 'record', 'expires_at', 'used_at'])
        .execute()
      const open = ended.filter((row) => row.expires_at > now())
      const ids = ended.map((row) => row.session_id)
      if (ids.length > 0) await db.deleteFrom('auth_refresh_tokens').where('session_id', 'in', ids).execute()
      return open.map(toSession)
    },
    async findToken({ sessionId, hash }) {
      const row = await db
        .selectFrom('auth_refresh_tokens as token')
        .innerJoin('auth_sessions as session', 'session.session_id', 'token.session_id')
        .select(['token.successor', 'token.rotated_at', 'session.session_id', 'session.record', 'session.expires_at'])
        .select('session.used_at')
        .where('token.session_id', '=', sessionId)
        .where('token.token_hash', '=', hash)
        .where('session.expires_at', '>', now())
        .executeTakeFirst()
      if (!row) return undefined
      const token = { ...toSession(row), hash }
      return row.rotated_at && row.successor
        ? { ...token, rotated: { at: row.rotated_at, successor: row.successor } }
        : token
    },
    async rotateToken(key, next, successor) {
      const result = await rotation(key, { next, successor, at: now() }).execute(db)
      return result.rows.length === 1
    },
    ...createClaims(db, now),
    async checkReady() {
      await db.selectFrom('auth_sessions').select('session_id').limit(1).execute()
    },
    async removeExpired() {
      let removed = 0n
      for (const table of ['auth_sign_ins', 'auth_sessions', 'auth_claims'] as const) {
        const { numDeletedRows } = await db.deleteFrom(table).where('expires_at', '<=', now()).executeTakeFirst()
        removed += numDeletedRows
      }
      const orphans = await sql`
        delete from auth_refresh_tokens as token
        where not exists (select from auth_sessions as session where session.session_id = token.session_id)`.execute(db)
      return Number(removed + (orphans.numAffectedRows ?? 0n))
    },
  }
}

/** What counts once. */
function createClaims(db: Kysely<Tables>, now: () => Date): Pick<TokenStore, 'isClaimed' | 'claim'> {
  return {
    async isClaimed(key) {
      const row = await db
        .selectFrom('auth_claims')
        .select('key')
        .where('key', '=', key)
        .where('expires_at', '>', now())
        .executeTakeFirst()
      return row !== undefined
    },
    async claim(key, expiresAt) {
      const claim = { key, expires_at: expiresAt }
      await db
        .insertInto('auth_claims')
        .values(claim)
        .onConflict((conflict) => conflict.column('key').doUpdateSet(claim))
        .execute()
    },
  }
}

function toSession(row: SessionRow): StoredSession {
  return { sessionId: row.session_id, record: row.record, expiresAt: row.expires_at, usedAt: row.used_at }
}

/** One statement, so that of two rotations the second waits for the first, sees it and changes nothing. */
function rotation(
  { sessionId, hash }: TokenKey,
  { next, successor, at }: { next: string; successor: Buffer; at: Date },
): RawBuilder<unknown> {
  return sql`
    with rotated as (
      update auth_refresh_tokens
      set rotated_at = ${at}, successor = ${successor}
      where session_id = ${sessionId} and token_hash = ${hash} and rotated_at is null
        and exists (select from auth_sessions where session_id = ${sessionId} and expires_at > ${at})
      returning session_id
    ), used as (
      update auth_sessions set used_at = ${at} where session_id in (select session_id from rotated)
    )
    insert into auth_refresh_tokens (session_id, token_hash) select session_id, ${next} from rotated
    returning token_hash`
}
