import type { Catalog } from '#catalog'
import type { AccessRules } from '../access-rules.ts'
import type { PersonBody, PersonSummaryBody } from './api.ts'
import type { PeopleStore, Person, PersonSummary } from './people-store.ts'
import { describeSight, permissionsOf } from './policy-table.ts'

type Deps = { people: PeopleStore; rules: AccessRules; catalog: Catalog; now: () => Date }

/** A person for the wire as the reader `readerId` may see them: what was decided, and what they see and manage. */
export async function describePerson(deps: Deps, person: Person, readerId: string): Promise<PersonBody> {
  const { rules } = deps
  const { userId, decisions, disabled, email, providerRoles, roles } = person
  const deciders = [...decisions.map(({ decidedBy }) => decidedBy), disabled?.by].filter((id) => typeof id === 'string')
  const names = await deps.people.namesOf(deciders)
  return {
    ...describeSummary({ ...person, disabled: disabled !== null }),
    email,
    isSelf: userId === readerId,
    providerRoles,
    decisions: decisions.map(({ decidedBy, decidedAt, expiresAt, ...decision }) => ({
      ...decision,
      decidedBy: names.get(decidedBy) ?? '',
      decidedAt: decidedAt.toISOString(),
      ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
      isOver: expiresAt !== null && expiresAt <= deps.now(),
    })),
    ...(disabled && {
      disabling: {
        reason: disabled.reason,
        by: names.get(disabled.by ?? '') ?? '',
        ...(disabled.at && { at: disabled.at.toISOString() }),
      },
    }),
    permissions: permissionsOf(rules, roles),
    sees: describeSight(deps, person),
  }
}

/** A line of the list for the wire. */
export function describeSummary(summary: PersonSummary): PersonSummaryBody {
  const { userId, name, department, roles, disabled, signedInAt } = summary
  return { userId, name, department, roles, disabled, signedInAt: signedInAt.toISOString() }
}
