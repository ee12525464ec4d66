import { randomUUID } from 'node:crypto'
import type { AccessTokens } from './access-token.ts'
import { newRefreshToken } from './refresh-token.ts'
import { marksOf, type ProviderSession } from './session-marks.ts'
import type { SessionRecord, SessionSeal } from './session-record.ts'
import type { TokenStore } from './token-store.ts'
import type { User, UserStore } from './user-store.ts'

export type SessionDeps = {
  tokens: TokenStore
  users: UserStore
  accessTokens: AccessTokens
  seal: SessionSeal
  /** How long a session stands that gives no new tokens. At least as long as an access token lives. */
  idleMs: number
  now: () => Date
}

/** From where and with what somebody signs in. */
export type SignInPlace = Pick<SessionRecord, 'address' | 'device'>

/** Whether a session has not been used for too long. */
export function isIdle({ usedAt }: { usedAt: Date }, { idleMs, now }: Pick<SessionDeps, 'idleMs' | 'now'>): boolean {
  return now().getTime() - usedAt.getTime() >= idleMs
}

/** What a person gets when they sign in, and at every refresh. */
export type SessionTokens = {
  userId: string
  sessionId: string
  accessToken: string
  accessExpiresAt: Date
  refreshToken: string
  refreshExpiresAt: Date
}

/** A sign-in lasts two weeks: rotation gives new tokens, not more time. */
const sessionLifetimeMs = 14 * 24 * 60 * 60_000

/** Whose session it is at the provider, and from where and with what they signed in. */
type SignedIn = ProviderSession & { idToken: string; from: SignInPlace }

/** Opens a session for a person who has just signed in, to be found again by what the provider calls theirs. */
export async function openSession(
  deps: SessionDeps,
  user: User,
  { idToken, from, ...atProvider }: SignedIn,
): Promise<SessionTokens> {
  const { userId } = user
  const sessionId = randomUUID()
  const { token, hash } = newRefreshToken(sessionId)
  const usedAt = deps.now()
  const expiresAt = new Date(usedAt.getTime() + sessionLifetimeMs)
  const record = await deps.seal.sealRecord({ userId, idToken, signedInAt: usedAt.toISOString(), ...from }, sessionId)
  await deps.tokens.openSession({ sessionId, record, expiresAt, usedAt }, hash, marksOf(userId, atProvider))
  return await issueTokens(deps, user, { sessionId, refreshToken: token, expiresAt })
}

/** An access token beside the given refresh token. */
export async function issueTokens(
  deps: SessionDeps,
  user: User,
  session: { sessionId: string; refreshToken: string; expiresAt: Date },
): Promise<SessionTokens> {
  const { sessionId, refreshToken, expiresAt } = session
  const { userId, roles } = user
  const access = await deps.accessTokens.issue({ userId, sessionId, roles }, expiresAt)
  return {
    userId,
    sessionId,
    accessToken: access.token,
    accessExpiresAt: access.expiresAt,
    refreshToken,
    refreshExpiresAt: expiresAt,
  }
}
