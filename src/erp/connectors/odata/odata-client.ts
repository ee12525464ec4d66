import { Pool } from 'undici'
import { AppError } from '#platform/errors'
import type { Metrics } from '#platform/metrics'
import { currentTrace, formatTraceparent } from '#platform/trace'
import { AggregateUnsupported } from '../../erp-connector.ts'
import { erpErrors } from '../../errors.ts'
import { createAccessTokens } from '../http/access-token.ts'
import { createCallMetrics } from '../http/call-metrics.ts'
import { callServer, type HttpCall, type HttpReply } from '../http/call-server.ts'
import { RetryableReply, retryCall } from '../http/retry-call.ts'
import type { Server } from '../http/server-group.ts'

type ErpAccess = { tokenPath: string; clientId: string; clientSecret: string; apiKey: string }

/** Milliseconds but for counts and bytes. `budgetMs` bounds one page, all its attempts and waits together. */
export type CallLimits = {
  attemptMs: number
  budgetMs: number
  retries: number
  baseDelayMs: number
  maxReplyBytes: number
}

/** Signed-in calls to OData servers. */
export type ODataClient = {
  /** One page. Throws ServerLost, AggregateUnsupported, or AppError. */
  getPage<T>(call: PageCall<T>, signal: AbortSignal): Promise<{ page: T; asOf: string }>
  /** Resolves when the server takes our credentials and answers. */
  probe(server: Server): Promise<void>
  close(): Promise<void>
}

export type PageCall<T> = {
  server: Server
  path: string
  isAggregate: boolean
  read: (text: string) => T
  endsAt: number
}

type Deps = { servers: Server[]; access: ErpAccess; limits: CallLimits; metrics: Metrics; now: () => Date }

/** Opens a pool of connections a server; certificates are checked and TLS is 1.3. */
export function createODataClient({ servers, access, limits, metrics, now }: Deps): ODataClient {
  const observed = createCallMetrics(metrics)
  const connect = { timeout: Math.min(1_500, limits.attemptMs), minVersion: 'TLSv1.3' as const }
  const pools = new Map(servers.map((server) => [server, new Pool(server.url.origin, { connections: 8, connect })]))
  const tokens = createAccessTokens({ ...access, path: access.tokenPath, send: sendToken, now })
  const forever = new AbortController().signal

  function attempt(server: Server, call: HttpCall, timeLeftMs: number, signal: AbortSignal): Promise<HttpReply> {
    const pool = pools.get(server)
    if (!pool) throw new Error('unknown server')
    const bounds = { timeoutMs: Math.ceil(Math.min(limits.attemptMs, timeLeftMs)), maxBytes: limits.maxReplyBytes }
    const headers = { ...call.headers, 'x-api-key': access.apiKey, traceparent: formatTraceparent(currentTrace()) }
    return observed.observe(server.name, () => callServer(pool, { ...call, headers }, bounds, signal))
  }

  function sendToken<T>(server: Server, call: HttpCall, accept: (reply: HttpReply) => T): Promise<T> {
    const policy = { ...limits, endsAt: performance.now() + limits.budgetMs }
    return retryCall((timeLeftMs) => attempt(server, call, timeLeftMs, forever), accept, policy, forever)
  }

  async function send<T>(
    page: Omit<PageCall<T>, 'read'>,
    accept: (reply: HttpReply) => T,
    signal: AbortSignal,
  ): Promise<T> {
    const { server, path, endsAt } = page
    for (let renewed = false; ; renewed = true) {
      const token = await tokens.get(server, signal)
      const call: HttpCall = { method: 'GET', path, headers: { ...standardHeaders, authorization: `Bearer ${token}` } }
      const result = await retryCall(
        (timeLeftMs) => attempt(server, call, timeLeftMs, signal),
        (reply) => (reply.status === 401 ? unauthorized : accept(reply)),
        { ...limits, endsAt },
        signal,
      )
      if (result !== unauthorized) return result as T
      tokens.drop(token)
      // A fresh token that is refused, too, will not get better.
      if (renewed) throw new AppError(erpErrors.refused, { cause: new Error('status 401 twice') })
    }
  }

  return {
    getPage: (page, signal) =>
      send(page, (reply) => ({ page: page.read(readOk(reply, page.isAggregate)), asOf: readDate(reply, now) }), signal),
    probe: async (server) => {
      const call = {
        server,
        path: server.url.pathname,
        isAggregate: false,
        endsAt: performance.now() + limits.attemptMs,
      }
      await send(call, (reply) => readOk(reply, false), AbortSignal.timeout(limits.attemptMs))
    },
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()))
    },
  }
}

const unauthorized = Symbol('unauthorized')
const standardHeaders = {
  accept: 'application/json;odata.metadata=minimal;IEEE754Compatible=true',
  'odata-maxversion': '4.01',
  prefer: 'odata.maxpagesize=5000',
}

/** The text of a reply that says it worked. Its error texts may quote values, so only the status goes on. */
function readOk(reply: HttpReply, isAggregate: boolean): string {
  const { status, headers, text } = reply
  const cause = new Error(`status ${status}`)
  if (status === 403) throw new AppError(erpErrors.refused, { cause })
  if (isAggregate && (status === 400 || status === 501)) throw new AggregateUnsupported(status === 501)
  if (status !== 200) throw new AppError(erpErrors.badReply, { cause })
  if (!/\bjson\b/i.test(headers['content-type'] ?? '')) throw new RetryableReply('not JSON')
  return text
}

/** When the reply was true: the ERP's own clock, or ours when it does not say. */
function readDate({ headers }: HttpReply, now: () => Date): string {
  const time = Date.parse(headers.date ?? '')
  return (Number.isNaN(time) ? now() : new Date(time)).toISOString()
}
