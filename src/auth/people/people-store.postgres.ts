import { type Kysely, sql } from 'kysely'
import type { Database } from '#platform/database'
import { roles } from '../actor.ts'
import { effectiveRoles, hasLastingly, type RoleDecisionRow } from '../effective-roles.ts'
import type { PeopleEdit, PeopleFilter, PeopleStore, Person, PersonSummary, RoleDecision } from './people-store.ts'

type UserRow = {
  user_id: string
  name: string
  department: string
  email: string
  roles: string[]
  disabled: boolean
  disabled_reason: string | null
  disabled_by: string | null
  disabled_at: Date | null
  signed_in_at: Date
}
type Tables = { auth_users: UserRow; auth_role_decisions: RoleDecisionRow }
type Db = Kysely<Tables>
type Clock = () => Date

const changeLock = 7_146_201_136

/** People and what is decided about them in PostgreSQL. `now` decides which decisions still count. */
export function createPostgresPeopleStore(database: Database, now: Clock = () => new Date()): PeopleStore {
  const db = database.kysely.withTables<Tables>()
  // One at a time in this process already: who waits for the lock would hold a connection that ending sessions may need.
  let last: Promise<unknown> = Promise.resolve()
  return {
    list: (filter) => listPeople(db, filter, now()),
    read: (userId) => readPerson(db, userId, now()),
    async namesOf(userIds) {
      if (userIds.length === 0) return new Map()
      const rows = await db
        .selectFrom('auth_users')
        .select(['user_id', 'name'])
        .where('user_id', 'in', userIds)
        .execute()
      return new Map(rows.map((row) => [row.user_id, row.name]))
    },
    change(work, record) {
      const mine = last.then(() =>
        db.transaction().execute(async (transaction) => {
          await sql`select pg_advisory_xact_lock(${sql.lit(changeLock)})`.execute(transaction)
          const result = await work(createEdit(transaction, now))
          await record(transaction)
          return result
        }),
      )
      last = mine.catch(() => undefined)
      return mine
    },
  }
}

async function listPeople(db: Db, filter: PeopleFilter, at: Date): Promise<PersonSummary[]> {
  const { search, role, disabled, after, limit } = filter
  let query = db
    .selectFrom('auth_users')
    .select(['user_id', 'name', 'department', 'disabled', 'signed_in_at'])
    .select(effectiveRoles(at).as('effective'))
  if (search) {
    const pattern = `%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
    query = query.where((is) =>
      is.or([is('name', 'ilike', pattern), is('department', 'ilike', pattern), is('email', 'ilike', pattern)]),
    )
  }
  if (role) query = query.where(sql<boolean>`${role} = any(${effectiveRoles(at)})`)
  if (disabled !== undefined) query = query.where('disabled', '=', disabled)
  if (after) query = query.where(sql<boolean>`(name, user_id) > (${after.name}, ${after.userId}::uuid)`)
  const rows = await query
    .orderBy('name')
    .orderBy('user_id')
    .limit(limit + 1)
    .execute()
  return rows.map((row) => ({
    userId: row.user_id,
    name: row.name,
    department: row.department,
    roles: knownRoles(row.effective),
    disabled: row.disabled,
    signedInAt: row.signed_in_at,
  }))
}

async function readPerson(db: Db, userId: string, at: Date): Promise<Person | undefined> {
  const row = await db
    .selectFrom('auth_users')
    .selectAll()
    .select(effectiveRoles(at).as('effective'))
    .where('user_id', '=', userId)
    .executeTakeFirst()
  if (!row) return undefined
  const decided = await db.selectFrom('auth_role_decisions').selectAll().where('user_id', '=', userId).execute()
  const { name, department, email, disabled_reason: reason, disabled_by: by, disabled_at: disabledAt } = row
  return {
    userId,
    name,
    department,
    email,
    roles: knownRoles(row.effective),
    providerRoles: knownRoles(row.roles),
    decisions: decided.flatMap(toDecision),
    disabled: row.disabled ? { reason: reason ?? '', by, at: disabledAt } : null,
    signedInAt: row.signed_in_at,
  }
}

function createEdit(db: Db, now: Clock): PeopleEdit {
  return {
    read: (userId) => readPerson(db, userId, now()),
    async decideRole(userId, { role, kind, reason, decidedBy, decidedAt, expiresAt }) {
      const decision = { kind, reason, decided_by: decidedBy, decided_at: decidedAt, expires_at: expiresAt }
      await db
        .insertInto('auth_role_decisions')
        .values({ user_id: userId, role, ...decision })
        .onConflict((conflict) => conflict.columns(['user_id', 'role']).doUpdateSet(decision))
        .execute()
    },
    async dropDecision(userId, role) {
      await db.deleteFrom('auth_role_decisions').where('user_id', '=', userId).where('role', '=', role).execute()
    },
    async setDisabled(userId, disabling) {
      await db
        .updateTable('auth_users')
        .set({
          disabled: disabling !== null,
          disabled_reason: disabling?.reason ?? null,
          disabled_by: disabling?.by ?? null,
          disabled_at: disabling?.at ?? null,
        })
        .where('user_id', '=', userId)
        .execute()
    },
    async countLasting(wanted) {
      const { count } = await db
        .selectFrom('auth_users')
        .select(({ fn }) => fn.countAll<string>().as('count'))
        .where(hasLastingly(wanted, now()))
        .executeTakeFirstOrThrow()
      return Number(count)
    },
  }
}

/** Roles that this version does not know are left out. */
function knownRoles(names: string[]) {
  return roles.filter((role) => names.includes(role))
}

function toDecision(row: RoleDecisionRow): RoleDecision[] {
  const role = roles.find((known) => known === row.role)
  if (!role) return []
  const { kind, reason, decided_by: decidedBy, decided_at: decidedAt, expires_at: expiresAt } = row
  return [{ role, kind, reason, decidedBy, decidedAt, expiresAt }]
}
