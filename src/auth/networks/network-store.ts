import type { RecordChange } from '../record-change.ts'
import type { NetworkSubject } from './api.ts'

/** From where something may be used; `networks` in CIDR. */
export type NetworkRule = { subject: NetworkSubject; networks: string[]; changedAt: Date; changedBy: string }

/**
 * The rules, and the only place they are in. They are no part of `access/roles.yaml`, because that is read at start and goes
 * with a release, while a network that is lost or taken over must be gone from every replica within seconds, on record.
 */
export type NetworkStore = {
  list(): Promise<NetworkRule[]>
  /** Without networks the rule goes. `record` is told what they were. */
  set(rule: NetworkRule, record: RecordChange<string[]>): Promise<void>
}
