import { AppError } from '#platform/errors'
import type { Metrics } from '#platform/metrics'
import { AggregateUnsupported } from '../../erp-connector.ts'
import { erpErrors } from '../../errors.ts'
import type { CallLimits } from '../http/call-limits.ts'
import type { HttpReply } from '../http/call-server.ts'
import { createHttpClient, replyTime } from '../http/http-client.ts'
import { RetryableReply } from '../http/retry-call.ts'
import type { Server } from '../http/server-group.ts'
import { bearerSignIn } from '../http/sign-in.ts'
import type { TlsFiles } from '../http/tls-files.ts'

type ErpAccess = { tokenPath: string; clientId: string; clientSecret: string; apiKey: string }

/** Signed-in calls to OData servers. */
export type ODataClient = {
  /** One page. Throws ServerLost, AggregateUnsupported, or AppError. */
  getPage<T>(call: PageCall<T>, signal: AbortSignal): Promise<{ page: T; asOf: string }>
  /** The service's description of itself, in XML. Throws as `getPage`. */
  getMetadata(server: Server, endsAt: number, signal: AbortSignal): Promise<string>
  /** Resolves when the server takes our credentials and answers. */
  probe(server: Server): Promise<void>
  /** Fetches a token, where there is one. Throws AppError or ServerLost. */
  authorize(server: Server): Promise<void>
  close(): Promise<void>
}

export type PageCall<T> = {
  server: Server
  path: string
  isAggregate: boolean
  read: (text: string) => T
  endsAt: number
}

type Deps = {
  servers: Server[]
  access: ErpAccess
  limits: CallLimits
  metrics: Metrics
  tls: TlsFiles | undefined
  /** A set to read a record of, where it is asked whether a server is well: its front may answer when its data does not. */
  probeSet: string | undefined
  now: () => Date
}

/** Client credentials and the API key go with every call. */
export function createODataClient({ servers, access, limits, metrics, tls, probeSet, now }: Deps): ODataClient {
  const client = createHttpClient({
    servers,
    signIn: (send) => bearerSignIn({ ...access, path: access.tokenPath, send, now }),
    headers: { 'x-api-key': access.apiKey },
    limits,
    metrics,
    tls,
  })
  const get = (path: string) => ({ method: 'GET' as const, path, headers: standardHeaders })

  return {
    getPage: ({ server, path, endsAt, isAggregate, read }, signal) => {
      const accept = (reply: HttpReply) => ({ page: read(readOk(reply, isAggregate)), asOf: replyTime(reply, now) })
      return client.send({ server, call: get(path), accept, endsAt }, signal)
    },
    getMetadata: (server, endsAt, signal) => {
      const path = `${server.url.pathname}$metadata`
      const headers = { ...standardHeaders, accept: 'application/xml' }
      const accept = (reply: HttpReply) => {
        if (reply.status === 200) return reply.text
        const spec = reply.status === 403 ? erpErrors.refused : erpErrors.badReply
        throw new AppError(spec, { cause: new Error(`status ${reply.status} of $metadata`) })
      }
      return client.send({ server, call: { method: 'GET', path, headers }, accept, endsAt }, signal)
    },
    probe: (server) => {
      const path = `${server.url.pathname}${probeSet ? `${probeSet}?$top=1` : ''}`
      return client.probe({ server, call: get(path), accept: (reply) => readOk(reply, false) })
    },
    authorize: client.authorize,
    close: client.close,
  }
}

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
