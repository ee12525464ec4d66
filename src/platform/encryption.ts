import { randomBytes } from 'node:crypto'
import { encryptionErrors } from './encryption-errors.ts'
import { AppError } from './errors.ts'
import { openKeyFile } from './key-file.ts'
import { bindTo, seal, unseal } from './seal.ts'

/** What a key or a value belongs to; opening it needs the very same. */
type EncryptionContext = Record<string, string>

/** Keeps master keys and hands out data keys; a data key is stored only wrapped. */
export type KeyService = {
  generateDataKey(context: EncryptionContext): Promise<{ plain: Buffer; wrapped: Buffer }>
  unwrapDataKey(wrapped: Buffer, context: EncryptionContext): Promise<Buffer>
}

/** Where a value is stored. A value moved to another place does not open. */
type FieldPlace = { table: string; column: string; row: string }

/** Encrypts single values for storage in a `bytea` column; opening an altered or moved one throws UNDECIPHERABLE. */
export type FieldCipher = {
  encrypt(plain: string, place: FieldPlace): Promise<Buffer>
  decrypt(sealed: Buffer, place: FieldPlace): Promise<string>
}

type Limits = { maxUses: number; maxAgeMs: number; now: () => number }

const version = 1
const keyContext = { purpose: 'field' }
const cachedKeys = 256
// GCM with random ivs stays safe far beyond this; a leaked data key opens a day's values at most.
const defaultLimits: Limits = { maxUses: 2 ** 20, maxAgeMs: 24 * 3_600_000, now: Date.now }

/**
 * A key service whose master keys lie in a file that only its owner may read; made with a new key when there is none.
 * Throws KEY_FILE_UNSAFE or KEY_FILE_UNREADABLE at the first use. A wrapped key is key id (4 bytes) ‖ iv ‖ ciphertext ‖ tag.
 */
export function createFileKeyService(path: string): KeyService {
  let opened: ReturnType<typeof openKeyFile> | undefined
  const openRing = () => {
    opened ??= openKeyFile(path)
    opened.catch(() => {
      opened = undefined
    })
    return opened
  }
  return {
    generateDataKey: async (context) => {
      const { currentId, keys } = await openRing()
      const plain = randomBytes(32)
      const wrapped = seal(findKey(keys, currentId), plain, bindTo(context))
      return { plain, wrapped: Buffer.concat([Buffer.from(currentId, 'hex'), wrapped]) }
    },
    unwrapDataKey: async (wrapped, context) => {
      const { keys } = await openRing()
      const key = findKey(keys, wrapped.toString('hex', 0, 4))
      return refuseFailure(() => unseal(key, wrapped.subarray(4), bindTo(context)))
    },
  }
}

/**
 * A cipher that encrypts each value with a data key, which it changes by count and by age and keeps in memory meanwhile.
 * Stored: version (1) ‖ length of the wrapped key (2) ‖ wrapped key ‖ iv (12) ‖ ciphertext ‖ tag (16).
 */
export function createFieldCipher(keys: KeyService, limits: Partial<Limits> = {}): FieldCipher {
  const nextKey = createKeySource(keys, { ...defaultLimits, ...limits })
  const openKey = createKeyCache(keys)
  return {
    encrypt: async (plain, place) => {
      const key = await nextKey()
      const head = Buffer.alloc(3)
      head.writeUInt8(version)
      head.writeUInt16BE(key.wrapped.length, 1)
      return Buffer.concat([head, key.wrapped, seal(key.plain, Buffer.from(plain), bindTo(place))])
    },
    decrypt: async (sealed, place) => {
      if (sealed.length < 3 || sealed.readUInt8() !== version) throw new AppError(encryptionErrors.undecipherable)
      const end = 3 + sealed.readUInt16BE(1)
      const key = await openKey(sealed.subarray(3, end))
      return refuseFailure(() => unseal(key, sealed.subarray(end), bindTo(place)).toString())
    },
  }
}

/** Hands out the data key to encrypt with; callers that arrive while a new one is made share it. */
function createKeySource(keys: KeyService, { maxUses, maxAgeMs, now }: Limits) {
  let current: { key: ReturnType<KeyService['generateDataKey']>; uses: number; madeAt: number } | undefined
  return async () => {
    if (!current || current.uses >= maxUses || now() - current.madeAt >= maxAgeMs) {
      const made = { key: keys.generateDataKey(keyContext), uses: 0, madeAt: now() }
      made.key.catch(() => {
        if (current === made) current = undefined
      })
      current = made
    }
    current.uses++
    return await current.key
  }
}

/** Opens wrapped keys, each once while it stays among the most recently used. */
function createKeyCache(keys: KeyService) {
  const cache = new Map<string, Promise<Buffer>>()
  return async (wrapped: Buffer): Promise<Buffer> => {
    const id = wrapped.toString('base64')
    const opened = cache.get(id) ?? keys.unwrapDataKey(wrapped, keyContext)
    cache.delete(id)
    cache.set(id, opened)
    const oldest = cache.keys().next().value
    if (cache.size > cachedKeys && oldest !== undefined) cache.delete(oldest)
    opened.catch(() => cache.delete(id))
    return await opened
  }
}

function findKey(keys: Map<string, Buffer>, id: string): Buffer {
  const key = keys.get(id)
  if (!key) throw new AppError(encryptionErrors.undecipherable)
  return key
}

function refuseFailure<T>(open: () => T): T {
  try {
    return open()
  } catch (cause) {
    throw new AppError(encryptionErrors.undecipherable, { cause })
  }
}
