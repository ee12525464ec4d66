import { AppError } from '#platform/errors'
import type { OwnSessionBody } from '../api.ts'
import { isIdle, type SessionDeps } from '../open-session.ts'
import { markOfUser } from '../session-marks.ts'
import type { StoredSession } from '../token-store.ts'

export type ListDeps = Pick<SessionDeps, 'tokens' | 'seal' | 'idleMs' | 'now'>

const mostListed = 100

/** Where a person is signed in, the session used last first; of very many the first hundred. */
export async function listSessions(
  deps: ListDeps,
  { userId, sessionId }: { userId: string; sessionId: string },
): Promise<OwnSessionBody[]> {
  const found = await deps.tokens.findSessions(markOfUser(userId))
  const standing = found
    .filter((session) => !isIdle(session, deps))
    .sort((a, b) => b.usedAt.getTime() - a.usedAt.getTime())
    .slice(0, mostListed)
  const described = await Promise.all(standing.map((session) => describeSession(deps, session)))
  return described.flat().map((session) => ({ ...session, isCurrent: session.sessionId === sessionId }))
}

/** Nothing for a record locked with a key that is gone: nobody can go on with that session. */
async function describeSession(
  { seal }: ListDeps,
  { sessionId, record, usedAt }: StoredSession,
): Promise<Omit<OwnSessionBody, 'isCurrent'>[]> {
  try {
    const { device, address, signedInAt } = await seal.openRecord(record, sessionId)
    return [{ sessionId, device, address, signedInAt, lastUsedAt: usedAt.toISOString() }]
  } catch (error) {
    if (error instanceof AppError && error.spec.code === 'UNDECIPHERABLE') return []
    throw error
  }
}
