import { encryptionErrors } from '#platform/encryption-errors'
import { AppError } from '#platform/errors'
import { authErrors } from './errors.ts'
import { isIdle, issueTokens, type SessionDeps, type SessionTokens } from './open-session.ts'
import { newRefreshToken, readRefreshToken } from './refresh-token.ts'
import type { SessionRecord } from './session-record.ts'
import type { FoundToken } from './token-store.ts'
import type { User } from './user-store.ts'

type Session = { sessionId: string; userId: string }

/**
 * Puts on record that a session is about to be ended: a rotated token came back late, so two parties hold it, or the person was shut
 * out. What it throws leaves the session as it is.
 */
export type EndReport = (session: Session, reason: 'reuse' | 'shut-out') => Promise<void>

export type RefreshDeps = SessionDeps & { forget: (sessionId: string) => void }

/** SESSION_ENDED for whoever holds a genuine token of a session that cannot go on: no guess, and nothing that two parties hold. */
export class SessionLapsed extends AppError {
  constructor(cause?: unknown) {
    super(authErrors.sessionEnded, { cause })
  }
}

/** Tabs that wake up together all refresh with the same token; later than this it can only be a copy of it. */
const graceMs = 10_000
const longestChain = 5

/**
 * Exchanges a refresh token for new tokens. Within the grace, whoever else sends the same token gets the same successor.
 * Throws AppError SESSION_ENDED (unknown, expired, signed out, reused; SessionLapsed when unused for too long) or ACCOUNT_DISABLED.
 */
export async function refreshSession(
  deps: RefreshDeps,
  refreshToken: string,
  onEnd: EndReport,
): Promise<SessionTokens> {
  const key = readRefreshToken(refreshToken)
  const found = key && (await deps.tokens.findToken(key))
  if (!found) throw new AppError(authErrors.sessionEnded)
  if (isIdle(found, deps)) throw found.rotated ? new AppError(authErrors.sessionEnded) : new SessionLapsed()
  const record = await openRecord(deps, found)
  const session = { sessionId: found.sessionId, userId: record.userId }
  const end = async (reason: 'reuse' | 'shut-out') => {
    await onEnd(session, reason)
    await deps.tokens.endSession(session.sessionId)
    deps.forget(session.sessionId)
  }
  const user = await requireUser(deps, session.userId, end)
  const rotated = found.rotated ? undefined : await rotate(deps, found)
  const successor = rotated ?? (await followSuccessors(deps, refreshToken, () => end('reuse')))
  return await issueTokens(deps, user, { ...found, refreshToken: successor })
}

/** A record locked with a key that is gone belongs to a session that nobody can continue; signing in again can. */
async function openRecord({ seal }: SessionDeps, { record, sessionId }: FoundToken): Promise<SessionRecord> {
  try {
    return await seal.openRecord(record, sessionId)
  } catch (error) {
    const isLost = error instanceof AppError && error.spec.code === encryptionErrors.undecipherable.code
    throw isLost ? new SessionLapsed(error) : error
  }
}

async function requireUser(
  { users }: SessionDeps,
  userId: string,
  end: (reason: 'shut-out') => Promise<void>,
): Promise<User> {
  const user = await users.findUser(userId)
  if (user && !user.disabled) return user
  await end('shut-out')
  throw new AppError(user ? authErrors.accountDisabled : authErrors.sessionEnded)
}

/** The new token, or undefined when another call was faster. */
async function rotate(deps: SessionDeps, found: FoundToken): Promise<string | undefined> {
  const { token, hash } = newRefreshToken(found.sessionId)
  const successor = await deps.seal.sealSuccessor(token, found)
  return (await deps.tokens.rotateToken(found, hash, successor)) ? token : undefined
}

/** The newest token that came of this one. Its successor may have been rotated already: a slow tab among quick ones. */
async function followSuccessors(deps: SessionDeps, first: string, onReuse: () => Promise<void>): Promise<string> {
  let token = first
  for (let step = 0; step < longestChain; step += 1) {
    const key = readRefreshToken(token)
    const found = key && (await deps.tokens.findToken(key))
    if (!found) break
    if (!found.rotated) return token
    if (deps.now().getTime() - found.rotated.at.getTime() > graceMs) {
      await onReuse()
      break
    }
    token = await deps.seal.openSuccessor(found.rotated.successor, found)
  }
  throw new AppError(authErrors.sessionEnded)
}
