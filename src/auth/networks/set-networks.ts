import type { AuditLog } from '#audit'
import { AppError } from '#platform/errors'
import type { AccessRules } from '../access-rules.ts'
import type { Actor, Role } from '../actor.ts'
import type { NetworkSubject } from './api.ts'
import { networkErrors } from './errors.ts'
import { type NetworkRuleSet, type NetworkRules, rolesFrom, toRuleSet } from './network-rules.ts'
import type { NetworkStore } from './network-store.ts'

export type SetNetworksDeps = {
  store: NetworkStore
  rules: NetworkRules
  permissions: AccessRules['permissions']
  audit: Pick<AuditLog, 'recordWith'>
  now: () => Date
}

type Change = { subject: NetworkSubject; networks: string[]; confirm: boolean }
type Author = { actor: Pick<Actor, 'userId' | 'roles'>; ip: string }

/** As many as an audit entry holds; how many there are is beside them. */
const mostRecorded = 40

/**
 * Says from where a role or the administration may be used. Throws AppError NETWORK_LOCKS_YOU_OUT when the author could not
 * change it back from where they are, unless they confirm; AUDIT_UNAVAILABLE, and nothing has changed, when it cannot be recorded.
 */
export async function setNetworks(deps: SetNetworksDeps, change: Change, { actor, ip }: Author): Promise<void> {
  const { store, rules, audit, now } = deps
  const { subject, confirm } = change
  const networks = [...new Set(change.networks)]
  const others = (await store.list()).filter((rule) => rule.subject !== subject)
  const next = toRuleSet([...others, { subject, networks }])
  const staysIn = mayManage(actor.roles, { ip, rules: next, managers: deps.permissions.networks })
  if (!staysIn && !confirm) throw new AppError(networkErrors.locksYouOut, { params: { address: ip } })
  const rule = { subject, networks, changedAt: now(), changedBy: actor.userId }
  await store.set(rule, (was, transaction) =>
    audit.recordWith(transaction, {
      ...{ actorId: actor.userId, action: 'networks.set', outcome: 'ok', ip },
      details: { subject, nowCount: networks.length, wasCount: was.length, staysIn },
      // A network may be that of one home.
      personal: { now: networks.slice(0, mostRecorded), was: was.slice(0, mostRecorded) },
    }),
  )
  rules.forget()
}

function mayManage(roles: Role[], from: { ip: string; rules: NetworkRuleSet; managers: readonly Role[] }): boolean {
  const { ip, rules, managers } = from
  return rules.allows('administration', ip) && rolesFrom(roles, ip, rules).some((role) => managers.includes(role))
}
