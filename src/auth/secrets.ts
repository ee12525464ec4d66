import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits as 43 characters: refresh tokens, states and whatever else must not be guessed. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** Whether a text has the form of a secret of ours; others need no look-up. */
export function isSecret(text: string | undefined): text is string {
  return text !== undefined && /^[\w-]{43}$/.test(text)
}

/** Under which a secret is kept: who reads the store cannot use what is in it. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}
