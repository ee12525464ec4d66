import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createFaultBox } from './faults.ts'
import { type CallDeps, handleCall } from './handle-call.ts'
import { errorText } from './odata/errors.ts'
import { openPool } from './open-pool.ts'
import { sendError } from './send-reply.ts'
import { type Client, createTokenService } from './token.ts'

export type ErpServerOptions = {
  databaseUrl: string
  /** On 127.0.0.1; any free one when 0. */
  port: number
  clients: Client[]
  apiKey: string
  /** Shared by all instances, so that each accepts the others' tokens and page links. */
  signingSecret: string
  /** Lets `POST /demo/faults` order faults. For tests only. */
  faults?: boolean
  /** How long a token counts, in seconds. */
  tokenLifetimeS?: number
  /** How far this server's clock is ahead, in seconds: what its replies are dated with. */
  clockAheadS?: number
  /** Hears of every call that was answered: what an ERP's own access log would hold. */
  onCall?: (call: ErpCall) => void
}

/** `traceparent` is the caller's, as it came. */
type ErpCall = { method: string; path: string; status: number; durationMs: number; traceparent: string | null }

export type ErpServer = AsyncDisposable & {
  /** Without a slash at the end: `http://127.0.0.1:4004`. */
  url: string
  close: () => Promise<void>
}

const closeGraceMs = 2_000
// An `in` list of a few hundred Korean names, percent-encoded, is tens of kilobytes long.
const maxHeaderSize = 128 * 1024

/** Starts an instance of the demo ERP on loopback over a database that `prepareErp` filled. */
export async function serveErp(options: ErpServerOptions): Promise<ErpServer> {
  const { signingSecret, clients, tokenLifetimeS: lifetimeS = 300, clockAheadS = 0 } = options
  const now = () => new Date(Date.now() + clockAheadS * 1_000)
  const pool = openPool(options.databaseUrl)
  const deps: CallDeps = {
    odata: { pool, tokenSecret: signingSecret },
    tokens: createTokenService({ clients, signingSecret, lifetimeS }),
    apiKey: options.apiKey,
    faults: options.faults ? createFaultBox() : undefined,
    now,
  }
  const server = createServer(
    { maxHeaderSize, keepAliveTimeout: 65_000, requestTimeout: 30_000 },
    (request, response) => {
      if (clockAheadS !== 0) response.setHeader('Date', now().toUTCString())
      if (options.onCall) reportCall(request, response, options.onCall)
      handleCall(deps, request, response).catch((error: unknown) => sendError(response, error))
    },
  )
  server.on('clientError', refuseMalformed)
  await listen(server, options.port)
  const { port } = server.address() as AddressInfo
  const close = async () => {
    await stopServer(server)
    await pool.end()
  }
  return { url: `http://127.0.0.1:${port}`, close, [Symbol.asyncDispose]: close }
}

function reportCall(request: IncomingMessage, response: ServerResponse, onCall: (call: ErpCall) => void): void {
  const startedAt = performance.now()
  response.once('close', () => {
    const { method = '', url = '', headers } = request
    onCall({
      method,
      path: url.split('?')[0] ?? '',
      status: response.statusCode,
      durationMs: Math.round(performance.now() - startedAt),
      traceparent: typeof headers.traceparent === 'string' ? headers.traceparent : null,
    })
  })
}

/** What is not HTTP, or has a header too large, never reaches a handler: it gets an OData error here. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const isTooLarge = error.code === 'HPE_HEADER_OVERFLOW'
  const body = errorText(
    isTooLarge ? 'TooLong' : 'BadRequest',
    isTooLarge ? 'The request is too long.' : 'This is not HTTP.',
  )
  const head = [
    `HTTP/1.1 ${isTooLarge ? '431 Request Header Fields Too Large' : '400 Bad Request'}`,
    'Content-Type: application/json;charset=utf-8',
    'OData-Version: 4.0',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', fail)
      done()
    })
  })
}

/** Lets calls under way finish, then cuts what is left. */
async function stopServer(server: Server): Promise<void> {
  const closed = new Promise<void>((done) => {
    server.close(() => done())
  })
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), closeGraceMs)
  await closed
  clearTimeout(timer)
}
