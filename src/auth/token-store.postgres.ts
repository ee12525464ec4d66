import { type RawBuilder, sql } from 'kysely'
import type { Database } from '#platform/database'
import type { StoredToken, TokenStore } from './token-store.ts'

type Tables = {
  auth_sign_ins: { key: string; record: Buffer; expires_at: Date }
  auth_sessions: { session_id: string; expires_at: Date }
  auth_refresh_tokens: {
    token_hash: string
    session_id: string
    record: Buffer
    successor: Buffer | null
    rotated_at: Date | null
    expires_at: Date
  }
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
    async openSession(first) {
      await db.transaction().execute(async (trx) => {
        const session = { session_id: first.sessionId, expires_at: first.expiresAt }
        await trx.insertInto('auth_sessions').values(session).execute()
        await trx
          .insertInto('auth_refresh_tokens')
          .values({ ...toRow(first), successor: null, rotated_at: null })
          .execute()
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
    async findToken(hash) {
      const row = await db
        .selectFrom('auth_refresh_tokens as token')
        .innerJoin('auth_sessions as session', 'session.session_id', 'token.session_id')
        .selectAll('token')
        .where('token.token_hash', '=', hash)
        .where('token.expires_at', '>', now())
        .executeTakeFirst()
      if (!row) return undefined
      const token = { hash, sessionId: row.session_id, record: row.record, expiresAt: row.expires_at }
      return row.rotated_at && row.successor
        ? { ...token, rotated: { at: row.rotated_at, successor: row.successor } }
        : token
    },
    async rotateToken(hash, next, successor) {
      const result = await rotation(hash, { next, successor, at: now() }).execute(db)
      return result.rows.length === 1
    },
    async removeExpired() {
      let removed = 0n
      for (const table of ['auth_sign_ins', 'auth_sessions', 'auth_refresh_tokens'] as const) {
        const { numDeletedRows } = await db.deleteFrom(table).where('expires_at', '<=', now()).executeTakeFirst()
        removed += numDeletedRows
      }
      return Number(removed)
    },
  }
}

/** One statement, so that of two rotations the second waits for the first, sees it and changes nothing. */
function rotation(hash: string, change: { next: StoredToken; successor: Buffer; at: Date }): RawBuilder<unknown> {
  const { next, successor, at } = change
  return sql`
    with rotated as (
      update auth_refresh_tokens as token
      set rotated_at = ${at}, successor = ${successor}
      where token.token_hash = ${hash} and token.rotated_at is null and token.expires_at > ${at}
        and exists (select from auth_sessions as session where session.session_id = token.session_id)
      returning token.session_id
    )
    insert into auth_refresh_tokens (token_hash, session_id, record, expires_at)
    select ${next.hash}, session_id, ${next.record}::bytea, ${next.expiresAt}::timestamptz from rotated
    returning token_hash`
}

function toRow(token: StoredToken) {
  return { token_hash: token.hash, session_id: token.sessionId, record: token.record, expires_at: token.expiresAt }
}
