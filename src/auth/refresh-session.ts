import { encryptionErrors } from '#platform/encryption-errors'
import { AppError } from '#platform/errors'
import { authErrors } from './errors.ts'
import { issueTokens, type SessionDeps, type SessionTokens } from './open-session.ts'
import { newRefreshToken, readRefreshToken } from './refresh-token.ts'
import type { SessionRecord } from './session-record.ts'
import type { FoundToken } from './token-store.ts'
import type { User } from './user-store.ts'

type Session = { sessionId: string; userId: string }

/** Tells of a rotated token that came back late: two parties hold it, so its session has been ended. */
export type ReuseReport = (session: Session) => Promise<void>

/** Tabs that wake up together all refresh with the same token; later than this it can only be a copy of it. */
const graceMs = 10_000
const longestChain = 5

/**
 * Exchanges a refresh token for new tokens. Within the grace, whoever else sends the same token gets the same successor.
 * Throws AppError SESSION_ENDED (unknown, expired, signed out, reused) or ACCOUNT_DISABLED.
 */
export async function refreshSession(
  deps: SessionDeps,
  refreshToken: string,
  onReuse: ReuseReport,
): Promise<SessionTokens> {
  const key = readRefreshToken(refreshToken)
  const found = key && (await deps.tokens.findToken(key))
  if (!found) throw new AppError(authErrors.sessionEnded)
  const record = await openRecord(deps, found)
  const session = { sessionId: found.sessionId, userId: record.userId }
  const user = await requireUser(deps, session)
  const rotated = found.rotated ? undefined : await rotate(deps, found)
  const successor = rotated ?? (await followSuccessors(deps, refreshToken, () => reportReuse(deps, session, onReuse)))
  return await issueTokens(deps, user, { ...found, refreshToken: successor })
}

/** A record locked with a key that is gone belongs to a session that nobody can continue; signing in again can. */
async function openRecord({ seal }: SessionDeps, { record, sessionId }: FoundToken): Promise<SessionRecord> {
  try {
    return await seal.openRecord(record, sessionId)
  } catch (error) {
    const isLost = error instanceof AppError && error.spec.code === encryptionErrors.undecipherable.code
    throw isLost ? new AppError(authErrors.sessionEnded, { cause: error }) : error
  }
}

async function requireUser(deps: SessionDeps, { userId, sessionId }: Session): Promise<User> {
  const user = await deps.users.findUser(userId)
  if (user && !user.disabled) return user
  await deps.tokens.endSession(sessionId)
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

async function reportReuse(deps: SessionDeps, session: Session, onReuse: ReuseReport): Promise<void> {
  await deps.tokens.endSession(session.sessionId)
  await onReuse(session)
}
