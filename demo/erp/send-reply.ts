import type { ServerResponse } from 'node:http'
import type { Fault } from './faults.ts'
import { errorText, ODataError } from './odata/errors.ts'

export const jsonType = { 'Content-Type': 'application/json;charset=utf-8' }

/** Sends a whole reply. */
export function send(response: ServerResponse, status: number, headers: Record<string, string>, body: string): void {
  const length = { 'Content-Length': String(Buffer.byteLength(body)) }
  response.writeHead(status, { 'OData-Version': '4.0', ...headers, ...length }).end(body)
}

/** Sends an OData error. A fault of ours shows nothing of itself to the caller; its own words go to this process's stderr. */
export function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  const known = error instanceof ODataError ? error : disguise(error)
  if (known !== error) console.error('demo ERP:', error instanceof Error ? error.message : 'unknown error')
  // What is left of a body that was refused is not read, so the connection cannot be used again.
  const connection: Record<string, string> = known.status === 413 ? { Connection: 'close' } : {}
  send(response, known.status, { ...jsonType, ...known.headers, ...connection }, errorText(known.code, known.message))
}

/** What PostgreSQL and sockets say when there is no database to ask, by code. */
const unreachable = /^(08|57P|3D000|53|28|ECONN|ENOTFOUND|EPIPE|ETIMEDOUT)/

function disguise(error: unknown): ODataError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (unreachable.test(code)) return new ODataError(503, 'ServiceUnavailable', 'The ERP cannot reach its data now.')
  return new ODataError(500, 'InternalError', 'The ERP could not answer.')
}

/** Does to a call what was ordered. `half-page` needs a page and is `sendHalf`. */
export function sendFault({ kind, retryAfterS }: Fault, response: ServerResponse): void {
  switch (kind) {
    case '429':
      throw new ODataError(429, 'TooManyRequests', 'Too many requests.', { 'Retry-After': String(retryAfterS) })
    case '401':
      throw new ODataError(401, 'Unauthorized', 'The token is not valid or has expired.', {
        'WWW-Authenticate': 'Bearer realm="demo-erp", error="invalid_token"',
      })
    case 'html':
      // What a gateway in front of an ERP sends when it wants a person to sign in.
      send(response, 200, { 'Content-Type': 'text/html' }, '<!doctype html><title>Gateway</title><p>Please sign in.')
      return
    case 'reset':
      response.socket?.resetAndDestroy()
      return
    case 'hang':
      // The caller waits until it gives up or the server closes.
      return
    default:
      throw new ODataError(500, 'InternalError', 'The ERP could not answer.')
  }
}

/** Promises the whole body and breaks the connection in the middle of it. */
export function sendHalf(response: ServerResponse, headers: Record<string, string>, body: string): void {
  const bytes = Buffer.from(body)
  response.writeHead(200, { 'OData-Version': '4.0', ...headers, 'Content-Length': String(bytes.length) })
  response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => response.destroy())
}
