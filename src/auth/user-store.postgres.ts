import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Language } from '#catalog'
import type { Database } from '#platform/database'
import { roles } from './actor.ts'
import { effectiveRoles } from './effective-roles.ts'
import type { User, UserStore } from './user-store.ts'

type Row = {
  user_id: string
  issuer: string
  subject: string
  name: string
  department: string
  email: string
  roles: string[]
  language: Language | null
  disabled: boolean
  signed_in_at: Date
}

/** People in PostgreSQL. `now` decides which roles given or withheld for a time still count; tests move it. */
export function createPostgresUserStore(database: Database, now: () => Date = () => new Date()): UserStore {
  const db = database.kysely.withTables<{ auth_users: Row }>()
  return {
    async saveSignIn({ issuer, subject, ...profile }, at) {
      const current = { ...profile, signed_in_at: at }
      const row = await db
        .insertInto('auth_users')
        .values({ ...current, issuer, subject, user_id: randomUUID(), disabled: false })
        .onConflict((conflict) => conflict.columns(['issuer', 'subject']).doUpdateSet(current))
        .returningAll()
        .returning(effectiveRoles(now()).as('effective'))
        .executeTakeFirstOrThrow()
      return toUser(row)
    },
    async findUser(userId) {
      const row = await db
        .selectFrom('auth_users')
        .selectAll('auth_users')
        .select(effectiveRoles(now()).as('effective'))
        .where('user_id', '=', userId)
        .executeTakeFirst()
      return row && toUser(row)
    },
    async namesOf(userIds) {
      if (userIds.length === 0) return new Map()
      const rows = await db
        .selectFrom('auth_users')
        .select(['user_id', 'name'])
        .where('user_id', 'in', userIds)
        .execute()
      return new Map(rows.map(({ user_id, name }) => [user_id, name]))
    },
    async findActive({ users, roles: named, departments }) {
      const { rows } = await sql<{ user_id: string }>`
        select user_id from auth_users
        where not disabled and (user_id = any(${users}::uuid[]) or ${effectiveRoles(now())} && ${named}::text[]
          or department = any(${departments}::text[]))`.execute(db)
      return rows.map(({ user_id }) => user_id)
    },
  }
}

/** A role that this version does not know gives nothing. */
function toUser(row: Row & { effective: string[] }): User {
  const { name, department, email, language, disabled, effective } = row
  const known = roles.filter((role) => effective.includes(role))
  return { userId: row.user_id, name, department, email, roles: known, language, disabled }
}
