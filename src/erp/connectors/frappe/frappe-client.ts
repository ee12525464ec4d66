import type { Metrics } from '#platform/metrics'
import type { CallLimits } from '../http/call-limits.ts'
import type { HttpCall } from '../http/call-server.ts'
import { createHttpClient, replyTime, type SendToken } from '../http/http-client.ts'
import type { Server } from '../http/server-group.ts'
import { bearerSignIn, keySignIn, type SignIn } from '../http/sign-in.ts'
import type { TlsFiles } from '../http/tls-files.ts'
import { type AskedList, type FrappeRecord, judgeReply, readList, readMajorVersion } from './read-reply.ts'

/**
 * An API key of a user, or OAuth 2.0. Frappe's own token endpoint gives tokens for a refresh token; client credentials need a
 * provider in front of it that does.
 */
export type FrappeAccess =
  | { apiKey: string; apiSecret: string }
  | { clientId: string; clientSecret: string; refreshToken?: string; tokenPath: string }

type ListCall<T> = AskedList & {
  server: Server
  path: string
  endsAt: number
  read: (records: FrappeRecord[]) => T
}

/** Signed-in calls to Frappe servers. */
export type FrappeClient = {
  /** Throws ServerLost, DialectRefused or AppError. */
  getList<T>(call: ListCall<T>, signal: AbortSignal): Promise<{ list: T; asOf: string }>
  /** The major version of the server; undefined where the user may not ask or the reply does not tell. Throws as `getList`. */
  getMajorVersion(server: Server, endsAt: number, signal: AbortSignal): Promise<number | undefined>
  /** Resolves when the server takes our credentials and answers. */
  probe(server: Server): Promise<void>
  /** Fetches a token, where there is one. Throws AppError or ServerLost. */
  authorize(server: Server): Promise<void>
  close(): Promise<void>
}

type Deps = {
  servers: Server[]
  access: FrappeAccess
  limits: CallLimits
  metrics: Metrics
  tls: TlsFiles | undefined
  now: () => Date
}

/** Opens connections; nothing is asked yet. */
export function createFrappeClient({ servers, access, limits, metrics, tls, now }: Deps): FrappeClient {
  const signIn = (send: SendToken): SignIn =>
    'apiKey' in access
      ? keySignIn(`token ${access.apiKey}:${access.apiSecret}`)
      : bearerSignIn({ ...access, path: access.tokenPath, send, now })
  const client = createHttpClient({ servers, signIn, headers: {}, limits, metrics, tls })
  const get = (server: Server, path: string): HttpCall => {
    const url = new URL(path, server.url)
    return { method: 'GET', path: url.pathname + url.search, headers: { accept: 'application/json' } }
  }

  return {
    getList: ({ server, path, endsAt, read, ...asked }, signal) =>
      client.send(
        {
          server,
          call: get(server, path),
          endsAt,
          accept: (reply) => ({ list: read(readList(reply, asked)), asOf: replyTime(reply, now) }),
          judge: (reply) => judgeReply(reply, asked),
        },
        signal,
      ),
    getMajorVersion: (server, endsAt, signal) => {
      const call = get(server, 'api/method/frappe.utils.change_log.get_versions')
      return client.send({ server, call, endsAt, accept: readMajorVersion }, signal)
    },
    probe: (server) => {
      const call = get(server, 'api/method/frappe.auth.get_logged_user')
      const accept = ({ status }: { status: number }) => {
        if (status !== 200) throw new Error(`status ${status}`)
      }
      return client.probe({ server, call, accept })
    },
    authorize: client.authorize,
    close: client.close,
  }
}
