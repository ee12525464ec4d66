import type { LookupCounter } from './count-lookups.ts'
import { createKeyCache, createKeySource, type KeyLimits } from './encryption/data-keys.ts'
import type { KeyService } from './encryption/key-service.ts'
import { bindTo, refuseFailure, seal, unseal } from './encryption/seal.ts'
import { encryptionErrors } from './encryption-errors.ts'
import { AppError } from './errors.ts'

export { addMasterKey, chooseMasterKey, removeMasterKey } from './encryption/key-file.ts'
export { createFileKeyService } from './encryption/key-service.file.ts'
export { createKmsKeyService } from './encryption/key-service.kms.ts'
export { type KeyService, succeedKeyService } from './encryption/key-service.ts'

/** Where a value is stored. A value moved to another place does not open. */
export type FieldPlace = { table: string; column: string; row: string }

/** A column of sealed values. `rowKey` is the column whose text names the row in a value's place. */
export type SealedColumn = { table: string; column: string; rowKey: string }

/** Encrypts single values for storage in a `bytea` column; opening an altered or moved one throws UNDECIPHERABLE. */
export type FieldCipher = {
  encrypt(plain: string, place: FieldPlace): Promise<Buffer>
  decrypt(sealed: Buffer, place: FieldPlace): Promise<string>
}

const version = 1
// GCM with random ivs stays safe far beyond this; a leaked data key opens a day's values at most.
const defaultLimits: KeyLimits = {
  maxUses: 2 ** 20,
  maxAgeMs: 24 * 3_600_000,
  openForMs: 3_600_000,
  maxOpen: 256,
  checkEveryMs: 60_000,
}

/**
 * A cipher that encrypts each value with a data key, which it changes by count, by age and with the master key, and keeps in
 * memory meanwhile. Stored: version (1) ‖ length of the wrapped key (2) ‖ wrapped key ‖ iv (12) ‖ ciphertext ‖ tag (16).
 */
export function createFieldCipher(
  keys: KeyService,
  limits: Partial<KeyLimits> = {},
  onLookup?: LookupCounter,
): FieldCipher {
  const withNewest = createKeySource(keys, { ...defaultLimits, ...limits })
  const withWrapped = createKeyCache(keys, { ...defaultLimits, ...limits }, onLookup)
  return {
    encrypt: (plain, place) =>
      withNewest((key) => {
        const head = Buffer.alloc(3)
        head.writeUInt8(version)
        head.writeUInt16BE(key.wrapped.length, 1)
        return Buffer.concat([head, key.wrapped, seal(key.plain, Buffer.from(plain), bindTo(place))])
      }),
    decrypt: async (sealed, place) => {
      const { wrapped, value } = readSealed(sealed)
      return await withWrapped(wrapped, (key) =>
        refuseFailure(() => unseal(key.plain, value, bindTo(place)).toString()),
      )
    },
  }
}

/** AES-256-GCM under a key of the caller's own (32 bytes), bound to its place; a key may seal some 2³² values. */
export function sealUnder(key: Buffer, plain: string, place: FieldPlace): Buffer {
  return seal(key, Buffer.from(plain), bindTo(place))
}

/** The inverse of `sealUnder`. Throws UNDECIPHERABLE for what was altered or moved. */
export function openUnder(key: Buffer, sealed: Buffer, place: FieldPlace): string {
  return refuseFailure(() => unseal(key, sealed, bindTo(place)).toString())
}

/** Where in a sealed value its master key's id begins, counted from 1 as in SQL, and how long it is. */
export const masterKeyIdBytes = { from: 4, length: 4 }

/** The id of the master key that a sealed value hangs on. */
export function masterKeyIdIn(sealed: Buffer): string {
  const { from, length } = masterKeyIdBytes
  return sealed.toString('hex', from - 1, from - 1 + length)
}

function readSealed(sealed: Buffer): { wrapped: Buffer; value: Buffer } {
  if (sealed.length < 3 || sealed.readUInt8() !== version) throw new AppError(encryptionErrors.undecipherable)
  const end = 3 + sealed.readUInt16BE(1)
  return { wrapped: sealed.subarray(3, end), value: sealed.subarray(end) }
}
