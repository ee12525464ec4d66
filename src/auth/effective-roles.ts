import { type RawBuilder, sql } from 'kysely'

/** The table of migrations 011 and 020: what is decided here about a role of a person. The reason is sealed. */
export type RoleDecisionRow = {
  user_id: string
  role: string
  kind: 'granted' | 'withheld'
  reason: Buffer | null
  decided_by: string
  decided_at: Date
  expires_at: Date | null
}

/** The roles that count for a row of `auth_users`: the provider's without those withheld here, and those granted here. */
export function effectiveRoles(at: Date): RawBuilder<string[]> {
  return sql<string[]>`array(
    select given.role from unnest(auth_users.roles) as given(role)
    where not exists (${decisionsInForce('withheld', at)} and decision.role = given.role)
    union
    ${decisionsInForce('granted', at)})`
}

/**
 * Whether a row of `auth_users` has one of `roles` for good: not shut out, not withheld, and not granted for a time only.
 */
export function hasLastingly(roles: readonly string[], at: Date): RawBuilder<boolean> {
  return sql<boolean>`(not auth_users.disabled and exists (
    select from unnest(${sql.val([...roles])}::text[]) as wanted(role)
    where (wanted.role = any(auth_users.roles)
        and not exists (${decisionsInForce('withheld', at)} and decision.role = wanted.role))
      or exists (${decisionsInForce('granted', at)} and decision.role = wanted.role and decision.expires_at is null)))`
}

function decisionsInForce(kind: RoleDecisionRow['kind'], at: Date): RawBuilder<string> {
  return sql<string>`select decision.role from auth_role_decisions as decision
    where decision.user_id = auth_users.user_id and decision.kind = ${kind}
      and (decision.expires_at is null or decision.expires_at > ${at})`
}
