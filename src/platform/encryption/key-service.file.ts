import { randomBytes } from 'node:crypto'
import { encryptionErrors } from '../encryption-errors.ts'
import { AppError } from '../errors.ts'
import { type KeyRing, openKeyFile } from './key-file.ts'
import { masterKeyIdOf, type OwnKeyService } from './key-service.ts'
import { bindTo, refuseFailure, seal, unseal } from './seal.ts'

/** Values with made-up key ids must not turn into a look at the file each. */
const lookAgainMs = 1_000

/**
 * A key service whose master keys lie in a file that only its owner may read; made with a new key when there is none, unless
 * told otherwise. Keys that another process adds are found. Throws KEY_FILE_UNSAFE or KEY_FILE_UNREADABLE at the first use.
 * A wrapped key is key id (4 bytes) ‖ iv ‖ ciphertext ‖ tag.
 */
export function createFileKeyService(path: string, { isMade = true } = {}): OwnKeyService {
  let opened: Promise<KeyRing> | undefined
  let openedAt = 0
  const open = (maxAgeMs: number) => {
    if (opened && performance.now() - openedAt < maxAgeMs) return opened
    const opening = openKeyFile(path, isMade)
    opened = opening
    openedAt = performance.now()
    opening.catch(() => {
      if (opened === opening) opened = undefined
    })
    return opening
  }
  const findKey = async (id: string) =>
    (await open(Number.POSITIVE_INFINITY)).keys.get(id) ?? (await open(lookAgainMs)).keys.get(id)
  return {
    currentKeyId: async () => (await open(0)).currentId,
    holds: async (id) => (await findKey(id)) !== undefined,
    generateDataKey: async (context) => {
      const { currentId, keys } = await open(0)
      const key = keys.get(currentId)
      if (!key) throw new AppError(encryptionErrors.undecipherable)
      const plain = randomBytes(32)
      const wrapped = seal(key, plain, bindTo(context))
      return { plain, wrapped: Buffer.concat([Buffer.from(currentId, 'hex'), wrapped]) }
    },
    unwrapDataKey: async (wrapped, context) => {
      const key = await findKey(masterKeyIdOf(wrapped))
      if (!key) throw new AppError(encryptionErrors.undecipherable)
      return refuseFailure(() => unseal(key, wrapped.subarray(4), bindTo(context)))
    },
  }
}
