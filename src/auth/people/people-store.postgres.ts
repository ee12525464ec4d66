import { type Kysely, sql } from 'kysely'
import type { Database } from '#platform/database'
import type { FieldCipher } from '#platform/encryption'
import { roles } from '../actor.ts'
import { effectiveRoles, hasLastingly, type RoleDecisionRow } from '../effective-roles.ts'
import type { PeopleEdit, PeopleFilter, PeopleStore, Person, PersonSummary, RoleDecision } from './people-store.ts'
import { decisionPlace, disablingPlace, openReason } from './seal-reason.ts'

type UserRow = {
  user_id: string
  name: string
  department: string
  email: string
  roles: string[]
  disabled: boolean
  disabled_reason: Buffer | null
  disabled_by: string | null
  disabled_at: Date | null
  signed_in_at: Date
}
type Tables = { auth_users: UserRow; auth_role_decisions: RoleDecisionRow }
type Db = Kysely<Tables>
type Deps = { cipher: FieldCipher; now: () => Date }

const changeLock = 7_146_201_136

/** People and what is decided about them in PostgreSQL, the reasons sealed. `now` decides which decisions still count. */
export function createPostgresPeopleStore(
  database: Database,
  cipher: FieldCipher,
  now: Deps['now'] = () => new Date(),
): PeopleStore {
  const deps = { cipher, now }
  const db = database.kysely.withTables<Tables>()
  // One at a time in this process already: who waits for the lock would hold a connection that ending sessions may need.
  let last: Promise<unknown> = Promise.resolve()
  return {
    list: (filter) => listPeople(db, filter, now()),
    read: (userId) => readPerson(db, deps, userId),
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
          const result = await work(createEdit(transaction, deps))
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

async function readPerson(db: Db, { cipher, now }: Deps, userId: string): Promise<Person | undefined> {
  const row = await db
    .selectFrom('auth_users')
    .selectAll()
    .select(effectiveRoles(now()).as('effective'))
    .where('user_id', '=', userId)
    .executeTakeFirst()
  if (!row) return undefined
  const decided = await db.selectFrom('auth_role_decisions').selectAll().where('user_id', '=', userId).execute()
  const { name, department, email, disabled_by: by, disabled_at: at } = row
  const reason = await openReason(cipher, row.disabled_reason, disablingPlace(userId))
  const decisions = await Promise.all(decided.map((one) => toDecision(cipher, one)))
  return {
    userId,
    name,
    department,
    email,
    roles: knownRoles(row.effective),
    providerRoles: knownRoles(row.roles),
    decisions: decisions.flat(),
    disabled: row.disabled ? { reason, by, at } : null,
    signedInAt: row.signed_in_at,
  }
}

function createEdit(db: Db, deps: Deps): PeopleEdit {
  const { cipher, now } = deps
  return {
    read: (userId) => readPerson(db, deps, userId),
    async decideRole(userId, { role, kind, decidedBy, decidedAt, expiresAt, ...given }) {
      const reason = await cipher.encrypt(given.reason, decisionPlace(userId, role))
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
          disabled_reason: disabling && (await cipher.encrypt(disabling.reason, disablingPlace(userId))),
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

async function toDecision(cipher: FieldCipher, row: RoleDecisionRow): Promise<RoleDecision[]> {
  const role = roles.find((known) => known === row.role)
  if (!role) return []
  const { kind, decided_by: decidedBy, decided_at: decidedAt, expires_at: expiresAt } = row
  const reason = await openReason(cipher, row.reason, decisionPlace(row.user_id, role))
  return [{ role, kind, reason, decidedBy, decidedAt, expiresAt }]
}
