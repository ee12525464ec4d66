import type { Transaction } from 'kysely'
import type { Role } from '../actor.ts'

/** What was decided here about a role of a person, by whom, why and until when. It replaces what was decided before. */
export type RoleDecision = {
  role: Role
  kind: 'granted' | 'withheld'
  reason: string
  decidedBy: string
  decidedAt: Date
  expiresAt: Date | null
}

/** Why a person is shut out. Empty for those shut out before reasons were kept. */
type Disabling = { reason: string; by: string | null; at: Date | null }

/** A line of the list of people. `roles` are those that count now. */
export type PersonSummary = {
  userId: string
  name: string
  department: string
  roles: Role[]
  disabled: boolean
  signedInAt: Date
}

/** One person with everything that is decided about them; decisions that have expired are told, too. */
export type Person = Omit<PersonSummary, 'disabled'> & {
  email: string
  /** Roles of the identity provider's groups, as of the last sign-in. */
  providerRoles: Role[]
  decisions: RoleDecision[]
  disabled: Disabling | null
}

export type PeopleFilter = {
  /** A part of a name, department or e-mail address. */
  search?: string | undefined
  role?: Role | undefined
  disabled?: boolean | undefined
  /** The place after a person in the list. */
  after?: { name: string; userId: string } | undefined
  limit: number
}

/** What may be done within one change; nothing of it is seen before the change is complete. */
export type PeopleEdit = {
  read(userId: string): Promise<Person | undefined>
  decideRole(userId: string, decision: RoleDecision): Promise<void>
  dropDecision(userId: string, role: Role): Promise<void>
  setDisabled(userId: string, disabling: Disabling | null): Promise<void>
  /** How many people have one of `roles` for good and are not shut out. */
  countLasting(roles: readonly Role[]): Promise<number>
}

/** Puts a change on record within its transaction. */
type RecordChange = <T>(transaction: Transaction<T>) => Promise<void>

/** People as administrators see them. Nobody is entered here: people come by signing in. */
export type PeopleStore = {
  /** By name; one more than `limit` when there are more. */
  list(filter: PeopleFilter): Promise<PersonSummary[]>
  read(userId: string): Promise<Person | undefined>
  /** The names of people, for telling who decided. */
  namesOf(userIds: string[]): Promise<Map<string, string>>
  /** Runs one change at a time, in any process, and then `record`; all of it or, when either throws, nothing. */
  change<T>(work: (edit: PeopleEdit) => Promise<T>, record: RecordChange): Promise<T>
}
