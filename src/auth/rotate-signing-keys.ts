import type { AuditLog } from '#audit'
import type { FieldCipher } from '#platform/encryption'
import type { Logger } from '#platform/log'
import { generateSigningKey } from './generate-signing-key.ts'
import { type PlannedChange, planCommandedChange, planScheduledChange, type RotationTimes } from './plan-key-change.ts'
import type { SigningKeyStore, StoredSigningKey } from './signing-key-store.ts'

type Deps = {
  store: SigningKeyStore
  cipher: FieldCipher
  audit: AuditLog
  log: Logger
  times: RotationTimes
  /** Of the RSA keys that are made; as `generateSigningKey` has it unless told. */
  bits?: number | undefined
  now?: () => Date
}

/** A signing key as a person may see it, and what it does at the moment. */
export type SigningKeyStatus = {
  kid: string
  state: 'published' | 'signing' | 'verifying' | 'retired'
  signsFrom: Date
  retiresAt: Date | null
}

export type KeyRotation = {
  /** Does what is due by the schedule, once however many processes ask at the same time. */
  keepRotated(): Promise<void>
  /** Makes a new key, whoever `operator` is. `atOnce` withdraws the old keys with all that they signed. */
  rotate(command: { atOnce: boolean; operator: string }): Promise<void>
  list(): Promise<SigningKeyStatus[]>
}

/** Changes of our signing keys. Each is audited before it is done; one that cannot be audited is not done. */
export function createKeyRotation(deps: Deps): KeyRotation {
  const { store, cipher, audit, log, times, bits, now = () => new Date() } = deps
  async function carryOut(plan: PlannedChange, by: Record<string, unknown>) {
    const add = plan.signsFrom && (await generateSigningKey(cipher, plan.signsFrom, bits))
    const details = {
      ...by,
      ...(add && { added: add.kid, signsFrom: add.signsFrom.toISOString() }),
      retired: plan.retire.map(({ kid, retiresAt }) => `${kid} ${retiresAt.toISOString()}`),
      removed: plan.remove,
    }
    await audit.record({ actorId: null, action: 'signing-keys.change', outcome: 'ok', ip: null, details })
    log.info({ 'event.module': 'auth', ...details }, 'The signing keys were changed')
    return { ...(add && { add }), retire: plan.retire, remove: plan.remove }
  }

  return {
    keepRotated: () =>
      store.changeKeys(async (keys) => {
        const plan = planScheduledChange(keys, now(), times)
        return plan && (await carryOut(plan, { by: 'schedule' }))
      }),
    rotate: ({ atOnce, operator }) =>
      store.changeKeys((keys) =>
        carryOut(planCommandedChange(keys, now(), { ...times, atOnce }), { by: 'command', operator, atOnce }),
      ),
    async list() {
      const keys = await store.listKeys()
      return keys.map((key) => ({
        kid: key.kid,
        state: stateOf(key, keys, now()),
        signsFrom: key.signsFrom,
        retiresAt: key.retiresAt,
      }))
    },
  }
}

/** `keys` are in order, newest first. */
function stateOf(key: StoredSigningKey, keys: StoredSigningKey[], now: Date): SigningKeyStatus['state'] {
  const isPublished = ({ retiresAt }: StoredSigningKey) => retiresAt === null || retiresAt > now
  if (!isPublished(key)) return 'retired'
  if (key.signsFrom > now) return 'published'
  return keys.find((one) => isPublished(one) && one.signsFrom <= now) === key ? 'signing' : 'verifying'
}
