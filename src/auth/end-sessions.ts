import { AppError } from '#platform/errors'
import { authErrors } from './errors.ts'
import type { IdentityProvider } from './identity-provider.ts'
import type { Logout } from './logout-token.ts'
import type { SessionDeps } from './open-session.ts'
import { hashSecret } from './secrets.ts'
import { markOfProviderSession, markOfSubject, markOfUnnamed, markOfUser } from './session-marks.ts'
import type { StoredSession } from './token-store.ts'

type Deps = Pick<SessionDeps, 'tokens' | 'seal'> & { provider: IdentityProvider; forget: (sessionId: string) => void }

/** Ends every session of a person of ours, at once here and within the cache's age elsewhere; tells how many there were. */
export async function endSessionsOf(deps: Pick<Deps, 'tokens' | 'forget'>, userId: string): Promise<number> {
  const ended = await deps.tokens.endSessions(markOfUser(userId))
  for (const { sessionId } of ended) deps.forget(sessionId)
  return ended.length
}

/**
 * Ends the sessions that a logout token of the provider names, once `onEnd` has put on record whose; what that throws leaves them as
 * they are. Throws AppError LOGOUT_TOKEN_INVALID, for
 * one that was used before too. It counts as used when its sessions have ended, so that a provider may try again after a failure.
 */
export async function endProviderSessions(
  deps: Deps,
  token: string,
  onEnd: (userId: string) => Promise<void>,
): Promise<{ ended: number }> {
  const logout = await deps.provider.verifyLogout(token)
  const claim = hashSecret(JSON.stringify(['logout', logout.issuer, logout.id]))
  if (await deps.tokens.isClaimed(claim)) throw new AppError(authErrors.logoutTokenInvalid)
  const marks = marksOf(logout)
  const found = (await Promise.all(marks.map((mark) => deps.tokens.findSessions(mark)))).flat()
  const owners = await Promise.all(found.map((session) => ownerOf(deps, session)))
  for (const userId of new Set(owners)) if (userId !== undefined) await onEnd(userId)
  const ended: StoredSession[] = []
  for (const mark of marks) ended.push(...(await deps.tokens.endSessions(mark)))
  for (const { sessionId } of ended) deps.forget(sessionId)
  await deps.tokens.claim(claim, logout.expiresAt)
  return { ended: ended.length }
}

/** With a session named, only that one ends, and those of the person of which we never learnt a name. */
function marksOf({ issuer, subject, sessionId }: Logout): string[] {
  const unnamed = subject === undefined ? [] : [markOfUnnamed(issuer, subject)]
  if (sessionId !== undefined) return [markOfProviderSession(issuer, sessionId), ...unnamed]
  return subject === undefined ? [] : [markOfSubject(issuer, subject)]
}

/** Undefined for a record locked with a key that is gone: the session has ended all the same. */
async function ownerOf({ seal }: Deps, { record, sessionId }: StoredSession): Promise<string | undefined> {
  try {
    return (await seal.openRecord(record, sessionId)).userId
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}
