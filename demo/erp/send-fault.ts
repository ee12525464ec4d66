import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { Fault } from './faults.ts'
import { ODataError } from './odata/errors.ts'
import { jsonType, send } from './send-reply.ts'

/** Does to a call what was ordered, where no page is needed for it. `now` is this server's clock. */
export function sendFault(fault: Fault, response: ServerResponse, now: Date): void {
  switch (fault.kind) {
    case '401':
      throw new ODataError(401, 'Unauthorized', 'The token is not valid or has expired.', {
        'WWW-Authenticate': 'Bearer realm="demo-erp", error="invalid_token"',
      })
    case '403':
      throw new ODataError(403, 'Forbidden', 'The user has no rights to this.')
    case '429':
      throw new ODataError(429, 'TooManyRequests', 'Too many requests.', { 'Retry-After': retryAfter(fault, now) })
    case '503': {
      const headers = { 'Content-Type': 'text/html', 'Retry-After': retryAfter(fault, now) }
      send(response, 503, headers, '<!doctype html><title>Maintenance</title><p>We are upgrading. 99 % done.')
      return
    }
    case 'redirect':
      send(response, 302, { Location: fault.location }, '')
      return
    case 'html':
      // What a gateway in front of an ERP sends when it wants a person to sign in.
      send(response, 200, { 'Content-Type': 'text/html' }, '<!doctype html><title>Gateway</title><p>Please sign in.')
      return
    case 'error-inside':
      send(response, 200, jsonType, '{"error":{"code":"DatabaseBusy","message":"The data could not be read."}}')
      return
    case 'gzip':
      sendBomb(response)
      return
    case 'huge':
      flood(response)
      return
    case 'drip':
      drip(response)
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

/** Sends a page as it was ordered to be spoilt. */
export function sendSpoilt(
  { kind }: Fault,
  response: ServerResponse,
  headers: Record<string, string>,
  body: string,
): void {
  if (kind === 'half-page') sendHalf(response, headers, body)
  else send(response, 200, headers, wrapValues(body))
}

/** Promises the whole body and breaks the connection in the middle of it. */
function sendHalf(response: ServerResponse, headers: Record<string, string>, body: string): void {
  const bytes = Buffer.from(body)
  response.writeHead(200, { 'OData-Version': '4.0', ...headers, 'Content-Length': String(bytes.length) })
  response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => response.destroy())
}

function wrapValues(body: string): string {
  const page = JSON.parse(body) as { value?: Record<string, unknown>[] }
  const value = page.value?.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, name.startsWith('@') ? cell : [cell]])),
  )
  return JSON.stringify({ ...page, value })
}

function retryAfter({ retryAfterS, asDate }: Fault, now: Date): string {
  return asDate ? new Date(now.getTime() + retryAfterS * 1_000).toUTCString() : String(retryAfterS)
}

function sendBomb(response: ServerResponse): void {
  // Members of a gzip file stand one after the other (RFC 1952, 2.2).
  const bytes = Buffer.concat(Array(100).fill(gzipSync(Buffer.alloc(1024 * 1024, ' '))))
  response.writeHead(200, { ...jsonType, 'Content-Encoding': 'gzip', 'Content-Length': String(bytes.length) })
  response.end(bytes)
}

function flood(response: ServerResponse): void {
  response.writeHead(200, jsonType)
  const chunk = ' '.repeat(256 * 1024)
  const write = () => {
    while (!response.destroyed && response.write(chunk));
  }
  response.on('drain', write)
  write()
}

function drip(response: ServerResponse): void {
  response.writeHead(200, jsonType)
  const timer = setInterval(() => response.write(' '), 50)
  response.once('close', () => clearInterval(timer))
}
