import { AppError } from '#platform/errors'
import { createNetworkList } from '#platform/networks'
import type { AccessRules } from './access-rules.ts'
import type { Role } from './actor.ts'
import type { ApiKey } from './api-keys/api-key.ts'
import { apiKeyErrors } from './api-keys/errors.ts'
import { authErrors } from './errors.ts'
import { networkErrors } from './networks/errors.ts'
import { type NetworkRuleSet, rolesFrom } from './networks/network-rules.ts'

/** Someone known who wants in: with what roles, by which key if by one, from where. */
type Caller = { roles: Role[]; key: Pick<ApiKey, 'scopes' | 'networks' | 'prefix'> | undefined; address: string }

/** What a route declares: 'signed-in' or a permission, and the scope that a key needs for it. */
export type RouteAccess = { access: string; scope: string | undefined }

type Rules = { networks: NetworkRuleSet; permissions: AccessRules['permissions'] }

/**
 * The roles that the caller has on this route from where they call, or an AppError: API_KEY_NOT_TAKEN, API_KEY_SCOPE,
 * NETWORK_NOT_ALLOWED, FORBIDDEN. Nothing is open to a key unless the route names a scope and the key has it.
 */
export function admitActor(caller: Caller, { access, scope }: RouteAccess, rules: Rules): Role[] {
  const { key, address } = caller
  const refuse = (rule: string) => new AppError(networkErrors.notAllowed, { params: { address, rule } })
  if (key && key.networks.length > 0 && !createNetworkList(key.networks).has(address)) throw refuse(`ecb_${key.prefix}`)
  if (key && scope === undefined) throw new AppError(apiKeyErrors.peopleOnly)
  if (key && !key.scopes.some((one) => one === scope)) {
    throw new AppError(apiKeyErrors.scopeMissing, { params: { scope: scope ?? '' } })
  }
  const roles = rolesFrom(caller.roles, address, rules.networks)
  if (roles.length === 0 && caller.roles.length > 0) throw refuse(caller.roles.join(', '))
  if (access === 'signed-in') return roles
  const managers = managersOf(access, rules.permissions)
  const isManager = (role: Role) => managers.includes(role)
  if (!caller.roles.some(isManager)) throw new AppError(authErrors.forbidden)
  if (!rules.networks.allows('administration', address)) throw refuse('administration')
  if (!roles.some(isManager)) throw refuse(caller.roles.filter(isManager).join(', '))
  return roles
}

function managersOf(access: string, permissions: Rules['permissions']): readonly Role[] {
  return new Map<string, readonly Role[]>(Object.entries(permissions)).get(access) ?? []
}
