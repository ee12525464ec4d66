import type { AuditEntry, AuditLog } from '#audit'
import { AppError } from '#platform/errors'
import type { Logger } from '#platform/log'
import type { SignInErrorCode } from './api.ts'
import { endSession } from './end-session.ts'
import { endProviderSessions } from './end-sessions.ts'
import { signInErrors } from './errors.ts'
import { failClosed } from './fail-closed.ts'
import { type FinishSignInDeps, finishSignIn } from './finish-sign-in.ts'
import { describeFailure } from './identity-provider.ts'
import type { SessionTokens } from './open-session.ts'
import { readDevice } from './own-sessions/read-device.ts'
import { refreshSession } from './refresh-session.ts'
import { startSignIn } from './start-sign-in.ts'

type Deps = FinishSignInDeps & {
  forget: (sessionId: string) => void
  homeUrl: string
  audit: AuditLog
  log: Logger
}

type Failed = { kind: 'failed'; code: SignInErrorCode }
type Browser = { browserMark: string | undefined }

/** Sign-in, refresh and sign-out with their audit entries. Whatever a sign-in fails of, a person gets one of our codes. */
export type SignIn = {
  start(
    input: Browser & { returnPath: string; refreshToken: string | undefined },
    ip: string,
  ): Promise<{ kind: 'started'; url: string; browserMark: string } | Failed>
  finish(
    input: Browser & { query: URLSearchParams; userAgent: string | undefined },
    ip: string,
  ): Promise<{ kind: 'finished'; tokens: SessionTokens; returnPath: string } | Failed>
  /** Throws AppError, AUTH_UNAVAILABLE when a store cannot be reached. */
  refresh(refreshToken: string, ip: string): Promise<SessionTokens>
  /** Throws AppError, AUTH_UNAVAILABLE when a store cannot be reached, AUDIT_UNAVAILABLE when it cannot be put on record: then nothing has ended. */
  end(
    tokens: { refreshToken: string | undefined; accessToken: string | undefined },
    ip: string,
  ): Promise<{ userId?: string; endSessionUrl?: string }>
  /** A logout token that the provider sent. Throws AppError LOGOUT_TOKEN_INVALID, or 503 when it cannot be told or done. */
  endByProvider(logoutToken: string, ip: string): Promise<void>
}

export function createSignIn(deps: Deps): SignIn {
  const record = async (entry: Pick<AuditEntry, 'action' | 'outcome' | 'actorId' | 'ip'>, details = {}) =>
    await deps.audit.record({ ...entry, details })
  const fail = async (error: unknown, ip: string): Promise<Failed> => {
    const code = codeOf(error)
    deps.log.warn({ ...describeFailure(causeOf(error)), 'event.reason': code }, 'A sign-in failed')
    const outcome = code === 'SIGN_IN_UNAVAILABLE' ? 'failed' : 'refused'
    await record({ action: 'sign-in', outcome, actorId: null, ip }, { errorCode: code }).catch((failure: unknown) =>
      deps.log.error(describeFailure(failure), 'A failed sign-in could not be audited'),
    )
    return { kind: 'failed', code }
  }
  return {
    async start(input, ip) {
      try {
        return { kind: 'started', ...(await failClosed(() => startSignIn(deps, input))) }
      } catch (error) {
        return await fail(error, ip)
      }
    },
    async finish(input, ip) {
      try {
        const { replaces, ...finished } = await failClosed(() =>
          finishSignIn(deps, { ...input, from: { address: ip, device: readDevice(input.userAgent) } }),
        )
        const details = replaces === undefined ? {} : { endsSession: true }
        await record({ action: 'sign-in', outcome: 'ok', actorId: finished.tokens.userId, ip }, details)
        if (replaces !== undefined) {
          await failClosed(() => deps.tokens.endSession(replaces))
          deps.forget(replaces)
        }
        return { kind: 'finished', ...finished }
      } catch (error) {
        return await fail(error, ip)
      }
    },
    async refresh(refreshToken, ip) {
      return await failClosed(() =>
        refreshSession(deps, refreshToken, async ({ userId }, reason) => {
          const action = reason === 'reuse' ? 'refresh-token-reuse' : 'refresh-when-shut-out'
          await record({ action, outcome: 'refused', actorId: userId, ip })
        }),
      )
    },
    async end(tokens, ip) {
      return await failClosed(() =>
        endSession(deps, tokens, (actorId) => record({ action: 'sign-out', outcome: 'ok', actorId, ip })),
      )
    },
    async endByProvider(logoutToken, ip) {
      const action = 'provider-sign-out'
      try {
        const { ended } = await failClosed(() =>
          endProviderSessions(deps, logoutToken, (actorId) => record({ action, outcome: 'ok', actorId, ip })),
        )
        deps.log.info({ sessions: ended }, 'The provider ended sessions')
      } catch (error) {
        const errorCode = error instanceof AppError ? error.spec.code : 'INTERNAL'
        deps.log.warn({ ...describeFailure(causeOf(error)), 'event.reason': errorCode }, 'A logout token did not count')
        throw error
      }
    },
  }
}

/** A store that is down is to the person the same as a provider that is. */
function codeOf(error: unknown): SignInErrorCode {
  if (!(error instanceof AppError)) return 'SIGN_IN_FAILED'
  const own = Object.values(signInErrors).find(({ code }) => code === error.spec.code)
  return own?.code ?? (error.spec.kind === 'unavailable' ? 'SIGN_IN_UNAVAILABLE' : 'SIGN_IN_FAILED')
}

function causeOf(error: unknown): unknown {
  return error instanceof AppError ? (error.cause ?? error) : error
}
