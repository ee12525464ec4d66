import { hashSecret, isSecret, newSecret } from './secrets.ts'
import type { TokenKey } from './token-store.ts'

/**
 * A new refresh token of a session: `<session>.<secret>`, 22 and 43 characters, opaque to whoever holds it. It names its
 * session so that all there is about one lies together in the store.
 */
export function newRefreshToken(sessionId: string): { token: string; hash: string } {
  const session = Buffer.from(sessionId.replaceAll('-', ''), 'hex').toString('base64url')
  const secret = newSecret()
  return { token: `${session}.${secret}`, hash: hashSecret(secret) }
}

/** Where a refresh token is kept; undefined for what has not the form of one. */
export function readRefreshToken(token: string | undefined): TokenKey | undefined {
  const [, session = '', secret] = /^([\w-]{22})\.([\w-]{43})$/.exec(token ?? '') ?? []
  if (!isSecret(secret)) return undefined
  const hex = Buffer.from(session, 'base64url').toString('hex')
  const sessionId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return { sessionId, hash: hashSecret(secret) }
}
