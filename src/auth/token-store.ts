/** A refresh token as it is kept: found by its hash, its record sealed before it gets here. */
export type StoredToken = { hash: string; sessionId: string; record: Buffer; expiresAt: Date }

/** A token that was found. Once rotated it carries its successor (sealed) and the moment. */
export type FoundToken = StoredToken & { rotated?: { at: Date; successor: Buffer } }

/**
 * Where sign-ins under way and open sessions live. A session is the family of refresh tokens that began with one sign-in.
 * Everything expires by itself: what has passed its `expiresAt` is as good as gone, whether removed or not.
 */
export type TokenStore = {
  saveSignIn(key: string, record: Buffer, expiresAt: Date): Promise<void>
  /** Takes a sign-in away: of two takers one gets it. */
  takeSignIn(key: string): Promise<Buffer | undefined>
  openSession(first: StoredToken): Promise<void>
  isSessionOpen(sessionId: string): Promise<boolean>
  /** Ends a session with all its tokens; ending one that is gone is no error. */
  endSession(sessionId: string): Promise<void>
  /** A token of an open session. */
  findToken(hash: string): Promise<FoundToken | undefined>
  /** Replaces an unrotated token by `next` at once for everyone; false when another was faster or the session has ended. */
  rotateToken(hash: string, next: StoredToken, successor: Buffer): Promise<boolean>
  /** Clears away what has expired; tells how many records. */
  removeExpired(): Promise<number>
}
