import { AppError } from '#platform/errors'
import type { IdentityProvider } from './identity-provider.ts'
import type { SessionDeps } from './open-session.ts'
import { readRefreshToken } from './refresh-token.ts'

type Deps = SessionDeps & { provider: IdentityProvider; forget: (sessionId: string) => void; homeUrl: string }

/** Whatever the person still holds; either token, an expired one too, may be missing or of no use. */
type Input = { refreshToken: string | undefined; accessToken: string | undefined }

/**
 * Ends the session the tokens belong to, once `onEnd` has put it on record; what that throws leaves the session as it is. Signing out
 * without one is no error: the provider's session may still be open.
 */
export async function endSession(
  deps: Deps,
  input: Input,
  onEnd: (userId: string) => Promise<void>,
): Promise<{ userId?: string; endSessionUrl?: string }> {
  const key = readRefreshToken(input.refreshToken)
  const found = key && (await deps.tokens.findToken(key))
  const record = found && (await ignoreRefusal(deps.seal.openRecord(found.record, found.sessionId)))
  const claims = input.accessToken ? await ignoreRefusal(deps.accessTokens.verify(input.accessToken)) : undefined
  const userId = record?.userId ?? claims?.userId
  if (userId !== undefined) await onEnd(userId)
  for (const sessionId of new Set([found?.sessionId, claims?.sessionId])) {
    if (sessionId === undefined) continue
    await deps.tokens.endSession(sessionId)
    deps.forget(sessionId)
  }
  const endSessionUrl = await deps.provider.endSessionUrl(record?.idToken, deps.homeUrl)
  return { ...(userId !== undefined && { userId }), ...(endSessionUrl !== undefined && { endSessionUrl }) }
}

async function ignoreRefusal<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}
