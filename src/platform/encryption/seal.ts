import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto'
import { encryptionErrors } from '../encryption-errors.ts'
import { AppError } from '../errors.ts'

const algorithm = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16

/** AES-256-GCM of `plain` under `key`, bound to `bound`: iv ‖ ciphertext ‖ tag. The iv is random, so bound the uses of a key. */
export function seal(key: Buffer, plain: Buffer, bound: Buffer): Buffer {
  const iv = randomBytes(ivBytes)
  // Given as bytes, Node takes three times as long to find out what kind of key it is.
  const cipher = createCipheriv(algorithm, createSecretKey(key), iv, { authTagLength: tagBytes }).setAAD(bound)
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** The inverse of `seal`; throws when anything differs from what was sealed. */
export function unseal(key: Buffer, sealed: Buffer, bound: Buffer): Buffer {
  if (sealed.length < ivBytes + tagBytes) throw new Error('A sealed value is too short')
  const end = sealed.length - tagBytes
  const decipher = createDecipheriv(algorithm, createSecretKey(key), sealed.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(bound).setAuthTag(sealed.subarray(end))
  return Buffer.concat([decipher.update(sealed.subarray(ivBytes, end)), decipher.final()])
}

/** Names and values as one unambiguous byte string, in a fixed order: what a value is bound to. */
export function bindTo(fields: Record<string, string>): Buffer {
  return Buffer.from(JSON.stringify(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))))
}

/** Throws UNDECIPHERABLE for whatever `open` throws. */
export function refuseFailure<T>(open: () => T): T {
  try {
    return open()
  } catch (cause) {
    throw new AppError(encryptionErrors.undecipherable, { cause })
  }
}
