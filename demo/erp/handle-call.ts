import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerRequest, type ODataDeps } from './answer-request.ts'
import { type FaultBox, isSpoiling } from './faults.ts'
import { ODataError } from './odata/errors.ts'
import { sendFault, sendSpoilt } from './send-fault.ts'
import { jsonType, send } from './send-reply.ts'
import { isSame, type TokenService } from './token.ts'

export type CallDeps = {
  odata: ODataDeps
  tokens: TokenService
  apiKey: string
  faults: FaultBox | undefined
  now: () => Date
}

const basePath = '/odata/v4/'
const maxBodyBytes = 16 * 1024

/** Answers one HTTP call. Throws ODataError for every refusal; nothing was sent then. */
export async function handleCall(deps: CallDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { path, query } = splitTarget(request.url ?? '/')
  if (path === '/oauth2/token') return answerTokenCall(deps, request, response)
  if (path === '/demo/faults' && deps.faults) return orderFault(deps.faults, request, response)
  if (`${path}/` !== basePath && !path.startsWith(basePath)) {
    throw new ODataError(404, 'NotFound', `Nothing is here. The service is at ${basePath}.`)
  }
  const fault = deps.faults?.take('odata')
  if (fault && !isSpoiling(fault)) return sendFault(fault, response, deps.now())
  await deps.tokens.verify(request.headers.authorization)
  requireApiKey(deps.apiKey, request.headers['x-api-key'])
  requireMethod(request, 'GET')
  const { accept, prefer } = request.headers
  const reply = await answerRequest(deps.odata, {
    root: `http://${readHost(request)}${basePath}`,
    path: path.slice(basePath.length),
    query,
    ...(accept !== undefined && { accept }),
    ...(prefer !== undefined && { prefer: String(prefer) }),
  })
  if (fault) sendSpoilt(fault, response, reply.headers, reply.body)
  else send(response, 200, reply.headers, reply.body)
}

/** The parts of a request target; both stay percent-encoded until they are read. */
function splitTarget(target: string): { path: string; query: URLSearchParams } {
  const mark = target.indexOf('?')
  if (mark < 0) return { path: target, query: new URLSearchParams() }
  return { path: target.slice(0, mark), query: new URLSearchParams(target.slice(mark + 1)) }
}

/** Links carry the name by which the caller knows us, when it is one. */
function readHost({ headers, socket }: IncomingMessage): string {
  const { host = '' } = headers
  return /^[\w.-]{1,253}(:\d{1,5})?$/.test(host) ? host : `127.0.0.1:${socket.localPort}`
}

async function answerTokenCall(deps: CallDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const fault = deps.faults?.take('token')
  if (fault) return sendFault(fault, response, deps.now())
  requireMethod(request, 'POST')
  const form = new URLSearchParams(await readBody(request))
  const { status, headers, body } = await deps.tokens.issue(form, request.headers.authorization)
  send(response, status, { ...jsonType, 'Cache-Control': 'no-store', ...headers }, JSON.stringify(body))
}

async function orderFault(faults: FaultBox, request: IncomingMessage, response: ServerResponse): Promise<void> {
  requireMethod(request, 'POST')
  const ordered = faults.order(await readBody(request))
  if (!ordered) throw new ODataError(400, 'InvalidFault', 'Expected {"kind": "429", "times": 1}.')
  send(response, 200, jsonType, JSON.stringify({ ordered }))
}

function requireApiKey(expected: string, given: string | string[] | undefined): void {
  if (typeof given !== 'string' || !isSame(given, expected)) {
    throw new ODataError(403, 'Forbidden', 'A valid API key is needed in X-API-Key.')
  }
}

function requireMethod(request: IncomingMessage, method: string): void {
  if (request.method === method) return
  const message = `${request.method} is not allowed here; use ${method}.`
  throw new ODataError(405, 'MethodNotAllowed', message, { Allow: method })
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  // The request must outlive a refusal, or there is no connection left to refuse on.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length
    if (size > maxBodyBytes) throw new ODataError(413, 'TooLarge', `The body is larger than ${maxBodyBytes} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
