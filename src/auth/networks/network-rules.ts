import { createNetworkList, type NetworkList } from '#platform/networks'
import type { Role } from '../actor.ts'
import type { NetworkSubject } from './api.ts'
import type { NetworkRule, NetworkStore } from './network-store.ts'

/** The rules in force. What has no rule may be used from everywhere. */
export type NetworkRuleSet = { allows(subject: NetworkSubject, address: string): boolean }

export type NetworkRules = {
  /** Rejects when the rules cannot be read and those known are too old. */
  current(): Promise<NetworkRuleSet>
  /** Makes a change felt at once in this process; others notice within the age of what they know. */
  forget(): void
}

/** How long a change may go unnoticed. */
const cacheMs = 5_000

export function createNetworkRules({ store, now }: { store: NetworkStore; now: () => Date }): NetworkRules {
  let known: { at: number; rules: Promise<NetworkRuleSet> } | undefined
  return {
    current() {
      const age = now().getTime() - (known?.at ?? 0)
      if (known && age >= 0 && age < cacheMs) return known.rules
      const entry = { at: now().getTime(), rules: store.list().then(toRuleSet) }
      known = entry
      entry.rules.catch(() => {
        if (known === entry) known = undefined
      })
      return entry.rules
    },
    forget() {
      known = undefined
    },
  }
}

export function toRuleSet(rules: Pick<NetworkRule, 'subject' | 'networks'>[]): NetworkRuleSet {
  const lists = new Map<NetworkSubject, NetworkList>(
    rules
      .filter(({ networks }) => networks.length > 0)
      .map(({ subject, networks }) => [subject, createNetworkList(networks)]),
  )
  return { allows: (subject, address) => lists.get(subject)?.has(address) ?? true }
}

/** Those of `roles` that may be used from the address. */
export function rolesFrom(roles: readonly Role[], address: string, rules: NetworkRuleSet): Role[] {
  return roles.filter((role) => rules.allows(role, address))
}
