/** Under which a refresh token is kept: its session and its hash. */
export type TokenKey = { sessionId: string; hash: string }

/** A session as it is kept: what it remembers is sealed before it gets here. `usedAt` is when it last gave new tokens. */
export type StoredSession = { sessionId: string; record: Buffer; expiresAt: Date; usedAt: Date }

/**
 * A token of an open session, with what the session remembers. Once rotated it carries its successor (sealed) and the
 * moment.
 */
export type FoundToken = TokenKey & StoredSession & { rotated?: { at: Date; successor: Buffer } }

/**
 * Where sign-ins under way and open sessions live. A session is the family of refresh tokens that began with one sign-in.
 * Everything expires by itself: what has passed its `expiresAt` is as good as gone, whether removed or not.
 */
export type TokenStore = {
  saveSignIn(key: string, record: Buffer, expiresAt: Date): Promise<void>
  /** Takes a sign-in away: of two takers one gets it. */
  takeSignIn(key: string): Promise<Buffer | undefined>
  /** Opens a session with its first token. `marks` are what it can be found by besides its id, to end it. */
  openSession(session: StoredSession, firstHash: string, marks: string[]): Promise<void>
  isSessionOpen(sessionId: string): Promise<boolean>
  /** Ends a session with all its tokens; ending one that is gone is no error. */
  endSession(sessionId: string): Promise<void>
  /** The open sessions that carry the mark. */
  findSessions(mark: string): Promise<StoredSession[]>
  /** Ends every open session that carries the mark; tells which. */
  endSessions(mark: string): Promise<StoredSession[]>
  /** A token of an open session. */
  findToken(key: TokenKey): Promise<FoundToken | undefined>
  /** Replaces an unrotated token by one of hash `next` at once for everyone, and notes the use of the session; false when another was faster or the session has ended. */
  rotateToken(key: TokenKey, next: string, successor: Buffer): Promise<boolean>
  /** Whether something that counts once has been used up. */
  isClaimed(key: string): Promise<boolean>
  /** Uses it up, until `expiresAt`. */
  claim(key: string, expiresAt: Date): Promise<void>
  /** Rejects when the store cannot be reached. */
  checkReady(): Promise<void>
  /** Clears away what has expired and would not go by itself; tells how many records. */
  removeExpired(): Promise<number>
}
