import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '#platform/errors'
import { erpErrors } from '../../errors.ts'
import { CallError, type HttpReply } from './call-server.ts'
import { readRetryAfter } from './retry-after.ts'
import type { RetryBudget } from './retry-budget.ts'

/** `endsAt` (of `performance.now()`) bounds all attempts and the waits between them together. */
export type RetryPolicy = {
  /** May be shared with other calls. */
  retries: RetryBudget
  baseDelayMs: number
  endsAt: number
  /** Throws what a reply means where the ERP says more than its status: an error 500 that repeating cannot mend. */
  judge?: (reply: HttpReply) => void
  /** Whether the call counts once only, as a refresh token does: it is not repeated when it may have been taken. */
  once?: boolean
}

/** Nobody answers at this server: the same call may go to another. */
export class ServerLost extends Error {
  override readonly name: string = 'ServerLost'
  /** How long the server asked to be left alone. */
  readonly retryAfterMs: number | undefined

  constructor(reason: string, { cause, retryAfterMs }: { cause?: unknown; retryAfterMs?: number | undefined } = {}) {
    super(reason, { cause })
    this.retryAfterMs = retryAfterMs
  }
}

const transient = new Set([500, 502, 503, 504])
/** A server that wants to be left alone for longer is lost now: another may answer sooner. */
const patienceMs = 1_000

/**
 * Repeats a call that cannot change anything until it is answered. A time-out is final, because the reader has waited long
 * enough; a refused connection is, because repeating it is the standby's task. `accept` may throw `RetryableReply`.
 * Throws ServerLost, or AppError ERP_TIMEOUT, ERP_RATE_LIMITED, ERP_UNAVAILABLE, ERP_BAD_REPLY.
 */
export async function retryCall<T>(
  attempt: () => Promise<HttpReply>,
  accept: (reply: HttpReply) => T,
  policy: RetryPolicy,
  signal: AbortSignal,
): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    const result = await settle(attempt, accept, policy)
    if ('value' in result) return result.value
    const jitterMs = policy.baseDelayMs * Math.random()
    // What the server asks for is the least; all who heard it should not come back in the same instant.
    const delay =
      result.retryAfterMs === undefined ? backOff(policy.baseDelayMs, tries) : result.retryAfterMs + jitterMs
    const isInTime = performance.now() + delay <= policy.endsAt
    if (!result.repeatable || !isInTime || !policy.retries.take(delay)) throw result.error
    await sleep(delay, undefined, { signal })
  }
}

function backOff(baseDelayMs: number, tries: number): number {
  return baseDelayMs * 2 ** tries * (0.5 + Math.random() / 2)
}

/** A reply that may be better the next time: half a page, a proxy's error page. */
export class RetryableReply extends Error {
  override readonly name = 'RetryableReply'
}

type Failure = { error: unknown; repeatable: boolean; retryAfterMs?: number }

async function settle<T>(
  attempt: () => Promise<HttpReply>,
  accept: (reply: HttpReply) => T,
  { judge, once = false }: RetryPolicy,
): Promise<{ value: T } | Failure> {
  try {
    const reply = await attempt()
    judge?.(reply)
    const failure = readFailure(reply, once)
    return failure ?? { value: accept(reply) }
  } catch (error) {
    if (error instanceof RetryableReply)
      return { error: new AppError(erpErrors.badReply, { cause: error }), repeatable: !once }
    if (!(error instanceof CallError)) throw error
    if (error.fault === 'timeout' || error.fault === 'cut')
      return { error: new AppError(erpErrors.timeout, { cause: error }), repeatable: false }
    if (error.fault === 'too-large')
      return { error: new AppError(erpErrors.badReply, { cause: error }), repeatable: false }
    return { error: new ServerLost('connection', { cause: error }), repeatable: error.fault === 'broken' && !once }
  }
}

function readFailure(reply: HttpReply, once: boolean): Failure | undefined {
  const { status } = reply
  if (status !== 429 && !transient.has(status)) return undefined
  const retryAfterMs = readRetryAfter(reply)
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs }
  if (status === 429) {
    const retryAfterS = Math.ceil((retryAfterMs ?? 60_000) / 1_000)
    return { error: new AppError(erpErrors.rateLimited, { retryAfterS }), repeatable: true, ...wait }
  }
  // A gateway that says nobody is behind it is as lost as a closed port; an error of the ERP itself is not.
  if (status === 500) return { error: new AppError(erpErrors.unavailable), repeatable: !once, ...wait }
  const isPatient = (retryAfterMs ?? 0) <= patienceMs
  const error = new ServerLost(`status ${status}`, { retryAfterMs })
  return { error, repeatable: isPatient && (!once || status === 503), ...wait }
}
