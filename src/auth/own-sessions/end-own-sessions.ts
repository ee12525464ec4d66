import type { AuditLog } from '#audit'
import { AppError } from '#platform/errors'
import { markOfUser } from '../session-marks.ts'
import type { TokenStore } from '../token-store.ts'
import { ownSessionErrors } from './errors.ts'

export type EndDeps = {
  tokens: Pick<TokenStore, 'findSessions' | 'endSession'>
  audit: Pick<AuditLog, 'record'>
  forget: (sessionId: string) => void
}

/** Who ends sessions of their own: from where, and in which session they do it. */
export type EndBy = { userId: string; sessionId: string; ip: string }

/** Ends one session of the person's own, the present one too. Throws SESSION_NOT_FOUND, or AUDIT_UNAVAILABLE: then nothing has ended. */
export async function endOwnSession(deps: EndDeps, by: EndBy, sessionId: string): Promise<void> {
  const own = await deps.tokens.findSessions(markOfUser(by.userId))
  if (!own.some((session) => session.sessionId === sessionId)) throw new AppError(ownSessionErrors.notFound)
  await endSessions(deps, by, [sessionId])
}

/** Ends all sessions of the person but the present one; tells how many. Throws AUDIT_UNAVAILABLE: then nothing has ended. */
export async function endOtherSessions(deps: EndDeps, by: EndBy): Promise<number> {
  const own = await deps.tokens.findSessions(markOfUser(by.userId))
  const others = own.map(({ sessionId }) => sessionId).filter((id) => id !== by.sessionId)
  if (others.length > 0) await endSessions(deps, by, others)
  return others.length
}

async function endSessions({ tokens, audit, forget }: EndDeps, { userId, ip }: EndBy, ids: string[]): Promise<void> {
  const details = { sessions: ids.length }
  await audit.record({ actorId: userId, action: 'session.end', outcome: 'ok', ip, details })
  await Promise.all(
    ids.map(async (sessionId) => {
      await tokens.endSession(sessionId)
      forget(sessionId)
    }),
  )
}
