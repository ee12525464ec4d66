import type { ServerResponse } from 'node:http'
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
