import { AppError } from '#platform/errors'
import { SessionLapsed } from '../refresh-session.ts'
import type { SignIn } from '../sign-in.ts'
import type { FailureThrottle } from './failure-throttle.ts'

/**
 * The same sign-in, for those who do not fail all the time. What fails because a server is away, or a genuine session was left alone
 * too long, is nobody's fault and counts for nothing; neither does signing out.
 */
export function throttleSignIn(signIn: SignIn, { check, fail }: FailureThrottle): SignIn {
  return {
    ...signIn,
    async start(input, ip) {
      await check(ip)
      const started = await signIn.start(input, ip)
      if (isFault(started)) await fail(ip)
      return started
    },
    async finish(input, ip) {
      await check(ip)
      const finished = await signIn.finish(input, ip)
      if (isFault(finished)) await fail(ip)
      return finished
    },
    async refresh(refreshToken, ip) {
      await check(ip)
      try {
        return await signIn.refresh(refreshToken, ip)
      } catch (error) {
        if (isRefusal(error) && !(error instanceof SessionLapsed)) await fail(ip)
        throw error
      }
    },
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof AppError && error.spec.kind === 'unauthenticated'
}

function isFault(outcome: Awaited<ReturnType<SignIn['start']>> | Awaited<ReturnType<SignIn['finish']>>): boolean {
  return outcome.kind === 'failed' && outcome.code !== 'SIGN_IN_UNAVAILABLE'
}
