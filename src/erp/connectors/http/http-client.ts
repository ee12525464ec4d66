import { Pool } from 'undici'
import { AppError } from '#platform/errors'
import type { Metrics } from '#platform/metrics'
import { runInSpan } from '#platform/span'
import { currentTrace, formatTraceparent } from '#platform/trace'
import { retriesOfAnswer } from '../../answer-scope.ts'
import { erpErrors } from '../../errors.ts'
import type { CallLimits } from './call-limits.ts'
import { createCallMetrics } from './call-metrics.ts'
import { callServer, type HttpCall, type HttpReply } from './call-server.ts'
import { readRetryAfter } from './retry-after.ts'
import { openRetryBudget } from './retry-budget.ts'
import { type RetryPolicy, retryCall, ServerLost } from './retry-call.ts'
import type { Server } from './server-group.ts'
import type { SignIn } from './sign-in.ts'
import { connectOptions, type TlsFiles } from './tls-files.ts'
import { createTurns } from './turns.ts'

/** How a call's reply is read. */
type Asked<T> = {
  server: Server
  call: HttpCall
  accept: (reply: HttpReply) => T
  judge?: RetryPolicy['judge']
}
/** `endsAt` (of `performance.now()`) bounds all attempts of the call. */
type TimedCall<T> = Asked<T> & { endsAt: number }

/** Calls to the servers of one ERP, with its credentials, within the limits. */
export type HttpClient = {
  /**
   * Throws ServerLost, AppError as `retryCall`, ERP_RATE_LIMITED when no turn comes free, ERP_REFUSED for credentials that
   * stay refused, or what `accept` throws.
   */
  send<T>(timed: TimedCall<T>, signal: AbortSignal): Promise<T>
  /** Sends whatever the state of the server's breaker, which learns from it. Throws as `send`. */
  probe(asked: Asked<unknown>): Promise<void>
  /** Gets what calls are signed with, where it has to be fetched. Throws as `send`. */
  authorize(server: Server): Promise<void>
  close(): Promise<void>
}

/**
 * Sends a token request: with retries and a deadline of its own. `once` is as in RetryPolicy; where questions wait for it
 * (`isAwaited`), a server that does not answer it is as good as lost.
 */
export type SendToken = <T>(asked: Asked<T>, options: { once: boolean; isAwaited: boolean }) => Promise<T>

type Deps = {
  servers: Server[]
  /** Who gives tokens, where that is not the ERP. It is no server of the ERP: losing it is not losing one. */
  tokenServer?: Server | undefined
  signIn: (send: SendToken) => SignIn
  /** Sent with every call to the ERP, token requests included. */
  headers: Record<string, string>
  limits: CallLimits
  metrics: Metrics
  tls?: TlsFiles | undefined
}

type Attempt = (server: Server, call: HttpCall) => Promise<HttpReply>

/** Opens a pool of connections a server; certificates are checked and TLS is 1.3. */
export function createHttpClient({ servers, tokenServer, signIn, headers, limits, metrics, tls }: Deps): HttpClient {
  const turns = createTurns(limits)
  const observed = createCallMetrics(metrics, servers, turns)
  const connect = connectOptions(limits.attemptMs, tls)
  // Tokens and probes take no turn, so there is a connection more.
  const connections = limits.concurrent + 1
  const known = tokenServer ? [...servers, tokenServer] : servers
  const pools = new Map(known.map((server) => [server, new Pool(server.url.origin, { connections, connect })]))
  const forever = new AbortController().signal
  const signing = signIn(sendToken)

  function attempt(server: Server, call: HttpCall, endsAt: number, signal: AbortSignal): Promise<HttpReply> {
    const pool = pools.get(server)
    if (!pool) throw new Error('unknown server')
    const bounds = {
      attemptMs: limits.attemptMs,
      timeLeftMs: endsAt - performance.now(),
      maxBytes: limits.maxReplyBytes,
    }
    // What nobody asked to be compressed cannot grow on its way in.
    const own = server === tokenServer ? {} : headers
    const unsigned = { ...call.headers, ...own, 'accept-encoding': 'identity' }
    return runInSpan(erpSpan(server, call), () => {
      const all = { ...unsigned, traceparent: formatTraceparent(currentTrace()) }
      return observed.observe(server.name, () => callServer(pool, { ...call, headers: all }, bounds, signal))
    })
  }

  /** A question's attempt: when it is its turn, and only where the breaker is closed. */
  async function attemptInTurn(
    server: Server,
    call: HttpCall,
    endsAt: number,
    signal: AbortSignal,
  ): Promise<HttpReply> {
    server.breaker.requireClosed()
    const leave = await turns.take(server, endsAt, signal)
    try {
      const reply = await server.breaker.run(() => attempt(server, call, endsAt, signal))
      const pauseMs = reply.status === 429 ? readRetryAfter(reply) : undefined
      if (pauseMs !== undefined) turns.pause(pauseMs)
      return reply
    } finally {
      leave()
    }
  }

  async function sendToken<T>(
    { server: erp, call, accept }: Asked<T>,
    { once, isAwaited }: Parameters<SendToken>[1],
  ): Promise<T> {
    const server = tokenServer ?? erp
    const endsAt = performance.now() + limits.attemptMs
    const policy = { ...limits, endsAt, once, retries: openRetryBudget(limits) }
    const ask = () => attempt(server, call, endsAt, forever)
    // Only data tell that a server is back.
    const isCounted = server === erp && isAwaited && server.breaker.state() === 'closed'
    try {
      return await retryCall(() => (isCounted ? server.breaker.test(ask) : ask()), accept, policy, forever)
    } catch (error) {
      if (server === erp || !(error instanceof ServerLost)) throw error
      throw new AppError(erpErrors.unavailable, { cause: error })
    }
  }

  async function sendSigned<T>(
    { server, call, accept, judge }: Asked<T>,
    tries: Pick<RetryPolicy, 'retries' | 'endsAt'>,
    attemptSigned: Attempt,
    signal: AbortSignal,
  ): Promise<T> {
    for (let renewed = false; ; renewed = true) {
      const authorization = await signing.header(server, signal)
      const signed = { ...call, headers: { ...call.headers, [signing.headerName ?? 'authorization']: authorization } }
      const result = await retryCall(
        () => attemptSigned(server, signed),
        (reply) => (reply.status === 401 ? unauthorized : accept(reply)),
        { baseDelayMs: limits.baseDelayMs, ...tries, ...(judge ? { judge } : {}) },
        signal,
      )
      if (result !== unauthorized) return result as T
      // Fresh credentials that are refused, too, will not get better.
      if (!signing.refuse(authorization) || renewed)
        throw new AppError(erpErrors.refused, { cause: new Error('status 401') })
    }
  }

  return {
    send: ({ endsAt, ...asked }, signal) => {
      const retries = retriesOfAnswer(() => openRetryBudget(limits))
      return sendSigned(
        asked,
        { endsAt, retries },
        (server, call) => attemptInTurn(server, call, endsAt, signal),
        signal,
      )
    },
    probe: async (asked) => {
      const endsAt = performance.now() + limits.attemptMs
      await sendSigned(
        asked,
        { endsAt, retries: openRetryBudget({ retries: 0, budgetMs: 0 }) },
        (server, call) => server.breaker.test(() => attempt(server, call, endsAt, forever)),
        forever,
      )
    },
    authorize: async (server) => void (await signing.header(server, forever)),
    close: async () => {
      signing.close?.()
      await Promise.all([...pools.values()].map((pool) => pool.destroy()))
    },
  }
}

/**
 * When a reply was true, ISO: now, by the clock that readers compare it with, because the ERP's may be hours off; less the time
 * that a cache on the way says to have kept it (RFC 9111, 5.1).
 */
export function replyTime({ headers }: HttpReply, now: () => Date): string {
  const ageS = /^\d{1,9}$/.test(headers.age ?? '') ? Number(headers.age) : 0
  return new Date(now().getTime() - ageS * 1_000).toISOString()
}

/** The server's name and the method; an address holds names and numbers of the business. */
function erpSpan(server: Server, { method }: HttpCall) {
  const attributes = { 'http.request.method': method, 'server.address': server.url.hostname, 'peer.service': 'erp' }
  return { name: `ERP ${method} ${server.name}`, kind: 'client' as const, attributes }
}

const unauthorized = Symbol('unauthorized')
