import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '#platform/errors'
import { erpErrors } from '../../errors.ts'
import { CallError, type HttpReply } from './call-server.ts'

/** `endsAt` (of `performance.now()`) bounds all attempts and the waits between them together. */
export type RetryPolicy = {
  retries: number
  baseDelayMs: number
  endsAt: number
  /** Throws what a reply means where the ERP says more than its status: an error 500 that repeating cannot mend. */
  judge?: (reply: HttpReply) => void
}

/** Nobody answers at this server: the same call may go to another. */
export class ServerLost extends Error {
  override readonly name = 'ServerLost'
}

const transient = new Set([500, 502, 503, 504])

/**
 * Repeats a call that cannot change anything until it is answered. A time-out is final, because the reader has waited long
 * enough; a refused connection is, because repeating it is the standby's task. `accept` may throw `RetryableReply`.
 * Throws ServerLost, or AppError ERP_TIMEOUT, ERP_RATE_LIMITED, ERP_UNAVAILABLE, ERP_BAD_REPLY.
 */
export async function retryCall<T>(
  attempt: (timeLeftMs: number) => Promise<HttpReply>,
  accept: (reply: HttpReply) => T,
  policy: RetryPolicy,
  signal: AbortSignal,
): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    const timeLeftMs = Math.max(1, policy.endsAt - performance.now())
    const result = await settle(() => attempt(timeLeftMs), accept, policy.judge)
    if ('value' in result) return result.value
    const delay = result.retryAfterMs ?? policy.baseDelayMs * 2 ** tries * (0.5 + Math.random() / 2)
    if (!result.repeatable || tries === policy.retries || performance.now() + delay > policy.endsAt) throw result.error
    await sleep(delay, undefined, { signal })
  }
}

/** A reply that may be better the next time: half a page, a proxy's error page. */
export class RetryableReply extends Error {
  override readonly name = 'RetryableReply'
}

type Failure = { error: unknown; repeatable: boolean; retryAfterMs?: number }

async function settle<T>(
  attempt: () => Promise<HttpReply>,
  accept: (reply: HttpReply) => T,
  judge: RetryPolicy['judge'],
): Promise<{ value: T } | Failure> {
  try {
    const reply = await attempt()
    judge?.(reply)
    const failure = readFailure(reply)
    return failure ?? { value: accept(reply) }
  } catch (error) {
    if (error instanceof RetryableReply)
      return { error: new AppError(erpErrors.badReply, { cause: error }), repeatable: true }
    if (!(error instanceof CallError)) throw error
    if (error.fault === 'timeout')
      return { error: new AppError(erpErrors.timeout, { cause: error }), repeatable: false }
    if (error.fault === 'too-large')
      return { error: new AppError(erpErrors.badReply, { cause: error }), repeatable: false }
    return { error: new ServerLost('connection', { cause: error }), repeatable: error.fault === 'broken' }
  }
}

function readFailure(reply: HttpReply): Failure | undefined {
  const { status } = reply
  if (status !== 429 && !transient.has(status)) return undefined
  const retryAfterMs = readRetryAfter(reply)
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs }
  if (status === 429) {
    const retryAfterS = Math.ceil((retryAfterMs ?? 60_000) / 1_000)
    return { error: new AppError(erpErrors.rateLimited, { retryAfterS }), repeatable: true, ...wait }
  }
  // A gateway that says nobody is behind it is as lost as a closed port; an error of the ERP itself is not.
  const error = status === 500 ? new AppError(erpErrors.unavailable) : new ServerLost(`status ${status}`)
  return { error, repeatable: true, ...wait }
}

/** Milliseconds of a Retry-After header, seconds or date, or until a rate limit's window ends; undefined when it has neither. */
function readRetryAfter({ headers, status }: HttpReply): number | undefined {
  const text = headers['retry-after'] ?? (status === 429 ? headers['x-ratelimit-reset'] : undefined)
  if (!text) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now())
}
