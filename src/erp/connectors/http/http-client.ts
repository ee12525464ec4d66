import { Pool } from 'undici'
import { AppError } from '#platform/errors'
import type { Metrics } from '#platform/metrics'
import { currentTrace, formatTraceparent } from '#platform/trace'
import { erpErrors } from '../../errors.ts'
import { createCallMetrics } from './call-metrics.ts'
import { callServer, type HttpCall, type HttpReply } from './call-server.ts'
import { type RetryPolicy, retryCall, ServerLost } from './retry-call.ts'
import type { Server } from './server-group.ts'
import type { SignIn } from './sign-in.ts'

/** Milliseconds but for counts and bytes. `budgetMs` bounds one call, all its attempts and waits together. */
export type CallLimits = {
  attemptMs: number
  budgetMs: number
  retries: number
  baseDelayMs: number
  maxReplyBytes: number
}

/** A call on its way, and how its reply is read. `endsAt` (of `performance.now()`) bounds all its attempts. */
type SignedCall<T> = {
  server: Server
  call: HttpCall
  accept: (reply: HttpReply) => T
  endsAt: number
  judge?: RetryPolicy['judge']
}

/** Calls to the servers of one ERP, with its credentials, within the limits. */
export type HttpClient = {
  /** Throws ServerLost, AppError as `retryCall`, ERP_REFUSED for credentials that stay refused, or what `accept` throws. */
  send<T>(signed: SignedCall<T>, signal: AbortSignal): Promise<T>
  close(): Promise<void>
}

/** Sends a token request: with retries and a deadline of its own, for whoever waits for it. */
export type SendToken = <T>(server: Server, call: HttpCall, accept: (reply: HttpReply) => T) => Promise<T>

type Deps = {
  servers: Server[]
  /** Who gives tokens, where that is not the ERP. It is no server of the ERP: losing it is not losing one. */
  tokenServer?: Server | undefined
  signIn: (send: SendToken) => SignIn
  /** Sent with every call to the ERP, token requests included. */
  headers: Record<string, string>
  limits: CallLimits
  metrics: Metrics
}

/** Opens a pool of connections a server; certificates are checked and TLS is 1.3. */
export function createHttpClient({ servers, tokenServer, signIn, headers, limits, metrics }: Deps): HttpClient {
  const observed = createCallMetrics(metrics)
  const connect = { timeout: Math.min(1_500, limits.attemptMs), minVersion: 'TLSv1.3' as const }
  const known = tokenServer ? [...servers, tokenServer] : servers
  const pools = new Map(known.map((server) => [server, new Pool(server.url.origin, { connections: 8, connect })]))
  const forever = new AbortController().signal
  const signing = signIn(sendToken)

  function attempt(server: Server, call: HttpCall, timeLeftMs: number, signal: AbortSignal): Promise<HttpReply> {
    const pool = pools.get(server)
    if (!pool) throw new Error('unknown server')
    const bounds = { timeoutMs: Math.ceil(Math.min(limits.attemptMs, timeLeftMs)), maxBytes: limits.maxReplyBytes }
    const own = server === tokenServer ? {} : headers
    const all = { ...call.headers, ...own, traceparent: formatTraceparent(currentTrace()) }
    return observed.observe(server.name, () => callServer(pool, { ...call, headers: all }, bounds, signal))
  }

  async function sendToken<T>(erp: Server, call: HttpCall, accept: (reply: HttpReply) => T): Promise<T> {
    const policy = { ...limits, endsAt: performance.now() + limits.budgetMs }
    const server = tokenServer ?? erp
    try {
      return await retryCall((timeLeftMs) => attempt(server, call, timeLeftMs, forever), accept, policy, forever)
    } catch (error) {
      if (server === erp || !(error instanceof ServerLost)) throw error
      throw new AppError(erpErrors.unavailable, { cause: error })
    }
  }

  async function send<T>({ server, call, accept, endsAt, judge }: SignedCall<T>, signal: AbortSignal): Promise<T> {
    for (let renewed = false; ; renewed = true) {
      const authorization = await signing.header(server, signal)
      const signed = { ...call, headers: { ...call.headers, [signing.headerName ?? 'authorization']: authorization } }
      const result = await retryCall(
        (timeLeftMs) => attempt(server, signed, timeLeftMs, signal),
        (reply) => (reply.status === 401 ? unauthorized : accept(reply)),
        { ...limits, endsAt, ...(judge ? { judge } : {}) },
        signal,
      )
      if (result !== unauthorized) return result as T
      // Fresh credentials that are refused, too, will not get better.
      if (!signing.refuse(authorization) || renewed)
        throw new AppError(erpErrors.refused, { cause: new Error('status 401') })
    }
  }

  return {
    send,
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()))
    },
  }
}

/** When a reply was true: the ERP's own clock, or ours when it does not say. ISO. */
export function replyTime({ headers }: HttpReply, now: () => Date): string {
  const time = Date.parse(headers.date ?? '')
  return (Number.isNaN(time) ? now() : new Date(time)).toISOString()
}

const unauthorized = Symbol('unauthorized')
