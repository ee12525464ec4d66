import type { AuditLog } from '#audit'
import { AppError } from '#platform/errors'
import type { AccessRules } from '../access-rules.ts'
import { peopleErrors } from './errors.ts'
import type { PeopleEdit, PeopleStore, Person } from './people-store.ts'

export type ChangeDeps = {
  people: PeopleStore
  rules: Pick<AccessRules, 'permissions'>
  audit: AuditLog
  /** Ends every session of a person, everywhere; tells how many. */
  endSessionsOf: (userId: string) => Promise<number>
  now: () => Date
}

/** Who makes a change, from where, and to whom. */
export type ChangeBy = { actorId: string; ip: string; userId: string }

type Change<T> = {
  action: string
  details: Record<string, unknown>
  apply: (edit: PeopleEdit, person: Person) => Promise<T>
}

/**
 * Makes one change to a person: whole and on record, or not at all. Throws AppError PERSON_NOT_FOUND, OWN_ACCOUNT,
 * LAST_ADMINISTRATOR, or AUDIT_UNAVAILABLE when it cannot be recorded.
 */
export async function changePerson<T>(deps: ChangeDeps, by: ChangeBy, change: Change<T>): Promise<T> {
  const { people, rules, audit } = deps
  const { actorId, ip, userId } = by
  const entry = { actorId, ip, action: change.action, details: { person: userId, ...change.details } }
  let isOnRecord = false
  try {
    return await people.change(async (edit) => {
      if (userId === actorId) throw new AppError(peopleErrors.ownAccount)
      const person = await edit.read(userId)
      if (!person) throw new AppError(peopleErrors.notFound)
      const before = await edit.countLasting(rules.permissions.people)
      const result = await change.apply(edit, person)
      if (before > 0 && (await edit.countLasting(rules.permissions.people)) === 0)
        throw new AppError(peopleErrors.lastManager)
      // Last, within the transaction: without its entry the change is rolled back.
      await audit.record({ ...entry, outcome: 'ok' })
      isOnRecord = true
      return result
    })
  } catch (error) {
    // The entry said that it was done, and the trail takes nothing back.
    if (isOnRecord) await audit.record({ ...entry, outcome: 'failed' }).catch(() => undefined)
    throw error
  }
}
