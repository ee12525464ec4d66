import { AppError } from '#platform/errors'
import type { Metrics } from '#platform/metrics'
import { AggregateUnsupported } from '../../erp-connector.ts'
import { erpErrors } from '../../errors.ts'
import { type CallLimits, standardLimits } from '../http/call-limits.ts'
import type { HttpReply } from '../http/call-server.ts'
import { createHttpClient, replyTime } from '../http/http-client.ts'
import { RetryableReply } from '../http/retry-call.ts'
import type { Server } from '../http/server-group.ts'
import { listServers } from '../http/server-urls.ts'
import { bearerSignIn, keySignIn } from '../http/sign-in.ts'
import type { TlsFiles } from '../http/tls-files.ts'
import type { Dialect } from './dialect.ts'

/** Who calls: OAuth 2.0 client credentials, with tokens of the ERP or of a provider elsewhere, or a user and a password. */
export type ODataAccess = {
  clientId?: string | undefined
  clientSecret?: string | undefined
  tokenPath: string
  /** The token endpoint in full, where it is not the ERP's. */
  tokenUrl?: string | undefined
  tokenScope?: string | undefined
  user?: string | undefined
  password?: string | undefined
  apiKey?: string | undefined
}

/** What goes with every call: SAP's client, the language of names, all companies. */
type Fixed = { params: Record<string, string>; headers: Record<string, string> }

/** Signed-in calls to OData servers. */
export type ODataClient = {
  /** Where a path below the service root is, with what goes with every call. */
  address(server: Server, path: string): URL
  /** One page. Throws ServerLost, AggregateUnsupported, SetMissing, or AppError. */
  getPage<T>(call: PageCall<T>, signal: AbortSignal): Promise<{ page: T; asOf: string }>
  /** A service's description of itself, in XML; `service` is its path below the root. Throws as `getPage`. */
  getMetadata(call: { server: Server; service: string; endsAt: number }, signal: AbortSignal): Promise<string>
  /** Resolves when the server takes our credentials and answers. */
  probe(server: Server): Promise<void>
  /** Fetches a token, where there is one. Throws AppError or ServerLost. */
  authorize(server: Server): Promise<void>
  close(): Promise<void>
}

type PageCall<T> = {
  server: Server
  dialect: Dialect
  url: URL
  pageSize: number
  isAggregate: boolean
  read: (text: string) => T
  endsAt: number
}

/** The ERP has no such set: a service that is not activated, an entity that is not published. */
export class SetMissing extends Error {
  override readonly name = 'SetMissing'
}

type Deps = {
  servers: Server[]
  dialect: Dialect
  access: ODataAccess
  fixed: Fixed
  /** A small request that every server of the ERP answers, below its root; empty: the root itself, which may not be refused. */
  probe: { path: string; dialect: Dialect }
  limits: CallLimits
  metrics: Metrics
  tls: TlsFiles | undefined
  now: () => Date
}

/** Credentials go with every call, and no more calls at a time than the ERP takes of one user. */
export function createODataClient({
  servers,
  dialect,
  access,
  fixed,
  probe,
  metrics,
  tls,
  now,
  ...deps
}: Deps): ODataClient {
  const { apiKey, user, password, clientId = '', clientSecret = '' } = access
  const token = tokenEndpoint(access)
  const { concurrent } = deps.limits
  const limits = { ...deps.limits, concurrent: Math.min(concurrent, dialect.maxConcurrent ?? concurrent) }
  const client = createHttpClient({
    servers,
    tokenServer: token.server,
    signIn: (send) =>
      user !== undefined && password !== undefined
        ? keySignIn(`Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`)
        : bearerSignIn({ clientId, clientSecret, path: token.path, send, now, ...scopeOf(access) }),
    headers: apiKey === undefined ? {} : { 'x-api-key': apiKey },
    limits,
    metrics,
    tls,
  })

  function get<T>(
    { server, dialect: own, url, pageSize }: Pick<PageCall<T>, 'server' | 'dialect' | 'url' | 'pageSize'>,
    accept: (reply: HttpReply) => T,
  ) {
    const prefer = own.version === 4 ? { prefer: `odata.maxpagesize=${pageSize}` } : {}
    const headers = { ...own.headers, ...prefer, ...fixed.headers }
    const path = url.pathname + url.search
    return { server, call: { method: 'GET' as const, path, headers }, accept, judge: judgeOf(own) }
  }

  function address(server: Server, path: string): URL {
    const url = new URL(path, server.url)
    const missing = Object.entries(fixed.params).filter(([name]) => !url.searchParams.has(name))
    const added = missing.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
    // Written by hand: a form's `+` for a space is not one everywhere.
    if (added) url.search = `${url.search || '?'}${url.search ? '&' : ''}${added}`
    return url
  }

  return {
    address,
    getPage: (page, signal) => {
      const accept = (reply: HttpReply) => ({
        page: page.read(readOk(reply, page.isAggregate)),
        asOf: replyTime(reply, now),
      })
      return client.send({ ...get(page, accept), endsAt: page.endsAt }, signal)
    },
    getMetadata: ({ server, service, endsAt }, signal) => {
      const url = address(server, `${service}$metadata`)
      const headers = { ...dialect.headers, ...fixed.headers, accept: 'application/xml' }
      const accept = (reply: HttpReply) => {
        if (reply.status === 200) return reply.text
        const spec = reply.status === 403 ? erpErrors.refused : erpErrors.badReply
        throw new AppError(spec, { cause: new Error(`status ${reply.status} of $metadata`) })
      }
      const call = { method: 'GET' as const, path: url.pathname + url.search, headers }
      return client.send({ server, call, accept, endsAt }, signal)
    },
    probe: (server) => {
      const asked = { server, dialect: probe.dialect, url: address(server, probe.path), pageSize: 1 }
      // A set that is not there is an answer, too, and so is one that we may not read.
      const answers = probe.path === '' ? [404] : [403, 404]
      const accept = (reply: HttpReply) => (answers.includes(reply.status) ? reply.text : readOk(reply, false))
      return client.probe(get(asked, accept))
    },
    authorize: client.authorize,
    close: client.close,
  }
}

function tokenEndpoint({ tokenUrl, tokenPath }: ODataAccess): { server?: Server; path: string } {
  if (tokenUrl === undefined) return { path: tokenPath }
  const [server] = listServers([tokenUrl], '', standardLimits)
  if (!server) throw new Error('no token endpoint')
  return { server: { ...server, name: 'identity' }, path: server.url.pathname + server.url.search }
}

function scopeOf({ tokenScope }: ODataAccess): { scope?: string } {
  return tokenScope === undefined ? {} : { scope: tokenScope }
}

/**
 * What Business Central means: 503 that its queue was full for minutes, where repeating makes it longer; 408 and 504 that the
 * query ran too long.
 */
function judgeOf({ name }: Dialect): (reply: HttpReply) => void {
  return ({ status }) => {
    if (name !== 'business-central') return
    const cause = new Error(`status ${status}`)
    if (status === 503) throw new AppError(erpErrors.rateLimited, { retryAfterS: 60, cause })
    if (status === 408 || status === 504) throw new AppError(erpErrors.timeout, { cause })
  }
}

/** The text of a reply that says it worked. Its error texts may quote values, so only the status goes on. */
function readOk(reply: HttpReply, isAggregate: boolean): string {
  const { status, headers, text } = reply
  const cause = new Error(`status ${status}`)
  if (status === 403) throw new AppError(erpErrors.refused, { cause })
  if (isAggregate && (status === 400 || status === 501)) throw new AggregateUnsupported(status === 501)
  if (status === 404) throw new SetMissing('status 404')
  if (status !== 200) throw new AppError(erpErrors.badReply, { cause })
  if (!/\bjson\b/i.test(headers['content-type'] ?? '')) throw new RetryableReply('not JSON')
  return text
}
