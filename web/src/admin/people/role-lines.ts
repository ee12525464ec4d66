import type { PersonBody, RoleName } from '../../../../src/auth/people/api.ts'

type Decision = PersonBody['decisions'][number]

/** A role as it stands with a person, and what can be decided about it next. */
export type RoleLine = {
  role: RoleName
  isInForce: boolean
  isFromProvider: boolean
  /** What was decided here and still counts. */
  decision: Decision | null
  /** What was decided here and has run out. */
  past: Decision | null
  next: 'granted' | 'withheld' | 'as-provider'
}

/** Each role as it stands. What was decided is undone before the opposite can be decided. */
export function roleLines(person: PersonBody, roles: readonly RoleName[]): RoleLine[] {
  return roles.map((role) => {
    const made = person.decisions.find((decision) => decision.role === role) ?? null
    const decision = made?.isOver === false ? made : null
    const isFromProvider = person.providerRoles.includes(role)
    return {
      role,
      isInForce: person.roles.includes(role),
      isFromProvider,
      decision,
      past: decision ? null : made,
      next: decision ? 'as-provider' : isFromProvider ? 'withheld' : 'granted',
    }
  })
}
