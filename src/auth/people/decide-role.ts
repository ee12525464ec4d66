import { AppError } from '#platform/errors'
import type { Role } from '../actor.ts'
import type { DecideRole } from './api.ts'
import { type ChangeBy, type ChangeDeps, changePerson } from './change-person.ts'
import { peopleErrors } from './errors.ts'

/**
 * Gives a person a role on top of what the provider gives, withholds one, or goes back to what the provider says.
 * In force for open sessions within 5 s. Throws as `changePerson`, and EXPIRY_PAST.
 */
export async function decideRole(
  deps: ChangeDeps,
  by: ChangeBy,
  { role, decision, reason, expiresAt }: DecideRole & { role: Role },
): Promise<void> {
  const decidedAt = deps.now()
  const end = expiresAt === undefined ? null : new Date(expiresAt)
  if (end && end <= decidedAt)
    throw new AppError(peopleErrors.expiryPast, { details: [{ field: 'expiresAt', issue: 'is past' }] })
  await changePerson(deps, by, {
    action: `person.role-${decision}`,
    reason,
    details: { role, ...(expiresAt !== undefined && { expiresAt }) },
    apply: async (edit) =>
      decision === 'as-provider'
        ? await edit.dropDecision(by.userId, role)
        : await edit.decideRole(by.userId, {
            ...{ role, kind: decision, reason },
            ...{ decidedBy: by.actorId, decidedAt, expiresAt: end },
          }),
  })
}
