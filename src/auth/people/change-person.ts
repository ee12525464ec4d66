import type { AuditLog } from '#audit'
import { AppError } from '#platform/errors'
import type { AccessRules } from '../access-rules.ts'
import { peopleErrors } from './errors.ts'
import type { PeopleEdit, PeopleStore, Person } from './people-store.ts'

export type ChangeDeps = {
  people: PeopleStore
  rules: Pick<AccessRules, 'permissions'>
  audit: Pick<AuditLog, 'recordWith'>
  /** Ends every session of a person, everywhere; tells how many. */
  endSessionsOf: (userId: string) => Promise<number>
  now: () => Date
}

/** Who makes a change, from where, and to whom. */
export type ChangeBy = { actorId: string; ip: string; userId: string }

type Change<T> = {
  action: string
  details?: Record<string, unknown>
  reason: string
  apply: (edit: PeopleEdit, person: Person) => Promise<T>
}

/**
 * Makes one change to a person: whole and on record, or not at all. Throws AppError PERSON_NOT_FOUND, OWN_ACCOUNT,
 * LAST_ADMINISTRATOR, or AUDIT_UNAVAILABLE when it cannot be recorded.
 */
export async function changePerson<T>(deps: ChangeDeps, by: ChangeBy, change: Change<T>): Promise<T> {
  const { people, rules, audit } = deps
  const { actorId, ip, userId } = by
  const { action, details, reason } = change
  const entry = {
    actorId,
    ip,
    action,
    outcome: 'ok',
    details: { person: userId, ...details },
    personal: { reason },
  } as const
  const work = async (edit: PeopleEdit) => {
    if (userId === actorId) throw new AppError(peopleErrors.ownAccount)
    const person = await edit.read(userId)
    if (!person) throw new AppError(peopleErrors.notFound)
    const before = await edit.countLasting(rules.permissions.people)
    const result = await change.apply(edit, person)
    if (before > 0 && (await edit.countLasting(rules.permissions.people)) === 0)
      throw new AppError(peopleErrors.lastManager)
    return result
  }
  return await people.change(work, (transaction) => audit.recordWith(transaction, entry))
}
