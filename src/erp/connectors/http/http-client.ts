import { Pool } from 'undici'
import { AppError } from '#platform/errors'
import type { Metrics } from '#platform/metrics'
import { currentTrace, formatTraceparent } from '#platform/trace'
import { retriesOfAnswer } from '../../answer-scope.ts'
import { erpErrors } from '../../errors.ts'
import type { CallLimits } from './call-limits.ts'
import { createCallMetrics } from './call-metrics.ts'
import { callServer, type HttpCall, type HttpReply } from './call-server.ts'
import { readRetryAfter } from './retry-after.ts'
import { openRetryBudget } from './retry-budget.ts'
import { type RetryPolicy, retryCall } from './retry-call.ts'
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

/** Sends a token request: with retries and a deadline of its own, for whoever waits for it. `once`: as in RetryPolicy. */
export type SendToken = <T>(asked: Asked<T>, once: boolean) => Promise<T>

type Deps = {
  servers: Server[]
  signIn: (send: SendToken) => SignIn
  /** Sent with every call, token requests included. */
  headers: Record<string, string>
  limits: CallLimits
  metrics: Metrics
  tls?: TlsFiles | undefined
}

type Attempt = (server: Server, call: HttpCall) => Promise<HttpReply>

/** Opens a pool of connections a server; certificates are checked and TLS is 1.3. */
export function createHttpClient({ servers, signIn, headers, limits, metrics, tls }: Deps): HttpClient {
  const turns = createTurns(limits)
  const observed = createCallMetrics(metrics, servers, turns)
  const connect = connectOptions(limits.attemptMs, tls)
  // Tokens and probes take no turn, so there is a connection more.
  const connections = limits.concurrent + 1
  const pools = new Map(servers.map((server) => [server, new Pool(server.url.origin, { connections, connect })]))
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
    const traceparent = formatTraceparent(currentTrace())
    // What nobody asked to be compressed cannot grow on its way in.
    const all = { ...call.headers, ...headers, 'accept-encoding': 'identity', traceparent }
    return observed.observe(server.name, () => callServer(pool, { ...call, headers: all }, bounds, signal))
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

  function sendToken<T>({ server, call, accept }: Asked<T>, once: boolean): Promise<T> {
    const endsAt = performance.now() + limits.attemptMs
    const policy = { ...limits, endsAt, once, retries: openRetryBudget(limits) }
    return retryCall(() => server.breaker.test(() => attempt(server, call, endsAt, forever)), accept, policy, forever)
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

/** When a reply was true: the ERP's own clock, or ours when it does not say. ISO. */
export function replyTime({ headers }: HttpReply, now: () => Date): string {
  const time = Date.parse(headers.date ?? '')
  return (Number.isNaN(time) ? now() : new Date(time)).toISOString()
}

const unauthorized = Symbol('unauthorized')
