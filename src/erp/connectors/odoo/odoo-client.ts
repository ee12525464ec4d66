import type { Metrics } from '#platform/metrics'
import type { CallLimits } from '../http/call-limits.ts'
import type { HttpCall, HttpReply } from '../http/call-server.ts'
import { createHttpClient, replyTime } from '../http/http-client.ts'
import type { Server } from '../http/server-group.ts'
import { bearerSignIn, keySignIn } from '../http/sign-in.ts'
import type { TlsFiles } from '../http/tls-files.ts'
import { parseExact } from '../read-cells.ts'
import { judgeReply, readOk } from './odoo-errors.ts'

/** OAuth 2.0 client credentials for a proxy in front of Odoo; its token goes in a header of its own. */
export type ProxyAccess = { tokenPath: string; clientId: string; clientSecret: string; header: string }

type OdooAccess = {
  apiKey: string
  /** Needed where one server has several databases. */
  database?: string | undefined
  proxy?: ProxyAccess | undefined
}

/** The public methods that only read. No other is ever called. */
export type ReadMethod = 'search_read' | 'search_count' | 'formatted_read_group' | 'read' | 'fields_get' | 'context_get'

type OdooCall<T> = {
  server: Server
  model: string
  method: ReadMethod
  args: object
  /** Reads the value that the method returned; numbers are texts of their digits. May throw RetryableReply. */
  read: (value: unknown) => T
  endsAt: number
}

/** Calls of Odoo's JSON-2 API: one method of one model each, in a transaction of its own. */
export type OdooClient = {
  /** Throws ServerLost, AggregateUnsupported, ChangedWhileReading, or AppError. */
  call<T>(call: OdooCall<T>, signal: AbortSignal): Promise<{ value: T; asOf: string }>
  /** Resolves when the server takes our credentials and answers. */
  probe(server: Server): Promise<void>
  /** Fetches a token, where there is one. Throws AppError or ServerLost. */
  authorize(server: Server): Promise<void>
  close(): Promise<void>
}

type Deps = {
  servers: Server[]
  access: OdooAccess
  /** Language and time zone of every call; without them Odoo answers in those of whoever owns the key, or in UTC. */
  context: Record<string, unknown>
  limits: CallLimits
  metrics: Metrics
  tls: TlsFiles | undefined
  now: () => Date
}

/** The API key goes with every call, and the proxy's token where there is one. */
export function createOdooClient({ servers, access, context, limits, metrics, tls, now }: Deps): OdooClient {
  const { apiKey, database, proxy } = access
  const http = createHttpClient({
    servers,
    limits,
    metrics,
    tls,
    headers: { accept: 'application/json', 'user-agent': 'erp-chatbot', ...(database ? databaseHeader(database) : {}) },
    signIn: (send) =>
      proxy
        ? { ...bearerSignIn({ ...proxy, path: proxy.tokenPath, send, now }), headerName: proxy.header }
        : keySignIn(keyHeader(apiKey).authorization),
  })

  function prepare<T>({ server, model, method, args, read }: Omit<OdooCall<T>, 'endsAt'>) {
    const call: HttpCall = {
      method: 'POST',
      path: `${server.url.pathname}${encodeURIComponent(model)}/${method}`,
      headers: { 'content-type': 'application/json; charset=utf-8', ...(proxy ? keyHeader(apiKey) : {}) },
      body: JSON.stringify({ ...args, context }),
    }
    return {
      server,
      call,
      // Behind a proxy a 401 may be about its token, which can be renewed; the second one is final either way.
      judge: (reply: HttpReply) => (proxy && reply.status === 401 ? undefined : judgeReply(reply, { model, method })),
      accept: (reply: HttpReply) => ({ value: read(parseExact(readOk(reply))), asOf: replyTime(reply, now) }),
    }
  }

  return {
    call: ({ endsAt, ...call }, signal) => http.send({ ...prepare(call), endsAt }, signal),
    probe: (server) =>
      http.probe(prepare({ server, model: 'res.users', method: 'context_get', args: {}, read: () => true })),
    authorize: http.authorize,
    close: http.close,
  }
}

function keyHeader(apiKey: string): { authorization: string } {
  return { authorization: `bearer ${apiKey}` }
}

function databaseHeader(database: string): Record<string, string> {
  return { 'x-odoo-database': database }
}
