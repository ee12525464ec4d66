import { sql } from 'kysely'
import type { ActorNames } from '#audit'
import type { Database } from '#platform/database'

const mostFound = 100

/** The people who have signed in, for those who read the audit trail. */
export function createPostgresActorNames({ kysely: db }: Database): ActorNames {
  return {
    async namesOf(ids) {
      if (ids.length === 0) return new Map()
      const { rows } = await sql<{ id: string; name: string }>`
        select user_id::text as id, name from auth_users where user_id::text = any(${[...ids]})`.execute(db)
      return new Map(rows.map(({ id, name }) => [id, name]))
    },
    async findActors(text) {
      const { rows } = await sql<{ id: string }>`
        select user_id::text as id from auth_users
        where user_id::text = ${text.toLowerCase()}
          or position(lower(${text}) in lower(name)) > 0 or position(lower(${text}) in lower(email)) > 0
        limit ${mostFound}`.execute(db)
      // What is not a person's, an API key's say, is found by its id alone.
      return rows.length > 0 ? rows.map(({ id }) => id) : [text]
    },
  }
}
