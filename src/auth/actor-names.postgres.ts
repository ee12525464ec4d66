import { sql } from 'kysely'
import type { ActorNames } from '#audit'
import type { Database } from '#platform/database'

/** The people who have signed in, and the keys of machines, for those who read the audit trail. */
export function createPostgresActorNames({ kysely: db }: Database): ActorNames {
  return {
    async namesOf(ids) {
      if (ids.length === 0) return new Map()
      const { rows } = await sql<{ id: string; name: string }>`
        select user_id::text as id, name from auth_users where user_id::text = any(${[...ids]})
        union all
        select key_id::text, name || ' (ecb_' || prefix || ')' from api_keys where key_id::text = any(${[...ids]})`.execute(
        db,
      )
      return new Map(rows.map(({ id, name }) => [id, name]))
    },
    async findActors(text, most) {
      const { rows } = await sql<{ id: string }>`
        select user_id::text as id from auth_users
        where user_id::text = ${text.toLowerCase()}
          or position(lower(${text}) in lower(name)) > 0 or position(lower(${text}) in lower(email)) > 0
        union all
        select key_id::text from api_keys
        where key_id::text = ${text.toLowerCase()}
          or position(lower(${text}) in lower(name)) > 0 or position(lower(${text}) in 'ecb_' || prefix) > 0
        limit ${most}`.execute(db)
      return rows.map(({ id }) => id)
    },
  }
}
