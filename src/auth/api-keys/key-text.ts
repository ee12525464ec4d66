import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { newSecret } from '../secrets.ts'
import type { ApiKey } from './api-key.ts'

/** A key as a machine sends it: `ecb_<prefix>_<secret>`; the prefix is looked up, the secret compared. */
type KeyParts = { prefix: string; secret: string }

const start = 'ecb_'

/** 40 random bits: enough for a name that two keys must not share; nothing rests on nobody knowing it. */
export function newPrefix(): string {
  return randomBytes(5).toString('hex')
}

/** A new secret of 256 random bits with the text that its holder sends. */
export function newKeySecret(prefix: string): { text: string; hash: Buffer } {
  const secret = newSecret()
  return { text: `${start}${prefix}_${secret}`, hash: hashKeySecret(secret) }
}

/** Whether a credential says to be a key of ours, well-formed or not. */
export function looksLikeKey(text: string): boolean {
  return text.startsWith(start)
}

export function readKeyText(text: string): KeyParts | undefined {
  const [, prefix, secret] = /^ecb_([\da-f]{10})_([\w-]{43})$/.exec(text) ?? []
  return prefix && secret ? { prefix, secret } : undefined
}

/** Whether `secret` opens the key. Every comparison takes the same time, whichever of the two secrets it is and however wrong. */
export function opensKey(secret: string, { secretHash, oldSecret }: ApiKey, now: Date): boolean {
  const hash = hashKeySecret(secret)
  const isNew = timingSafeEqual(hash, secretHash)
  const isOld = timingSafeEqual(hash, oldSecret?.hash ?? secretHash)
  return isNew || (isOld && oldSecret !== undefined && oldSecret.until > now)
}

/**
 * SHA-256, once and without salt, is right for what is random: 256 bits cannot be guessed however fast guesses are checked.
 * Slow hashes are for passwords, which people make up; here they would only cost every call.
 */
function hashKeySecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
