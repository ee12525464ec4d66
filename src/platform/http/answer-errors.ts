import type { Socket } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { errorBody } from '../envelope.ts'
import { AppError, httpStatus } from '../errors.ts'
import type { Logger } from '../log.ts'
import { platformErrors } from '../platform-errors.ts'
import { runInTrace } from '../trace.ts'
import { callOf } from './call-state.ts'
import { describeFaults } from './describe-faults.ts'
import { requestLanguage } from './request-language.ts'

/** Statuses that say more than their kind's. */
const ownStatus: Record<string, number> = {
  [platformErrors.bodyTooLarge.code]: 413,
  [platformErrors.urlTooLong.code]: 414,
  [platformErrors.headersTooLarge.code]: 431,
  [platformErrors.unsupportedMediaType.code]: 415,
  [platformErrors.methodNotAllowed.code]: 405,
  [platformErrors.upgradeRequired.code]: 426,
}

/** Turns whatever is thrown while a call is served into the error format, once and for all routes. */
export function answerErrors(server: FastifyInstance, log: Logger): void {
  server.setErrorHandler((error, request, reply) => sendError(error, { request, reply, log }))
  server.setNotFoundHandler((request, reply) => {
    const allowed = findMethods(server, request)
    if (allowed.length === 0) return sendError(new AppError(platformErrors.notFound), { request, reply, log })
    const error = new AppError(platformErrors.methodNotAllowed, { params: { allowed: allowed.join(', ') } })
    return sendError(error, { request, reply: reply.header('allow', allowed.join(', ')), log })
  })
}

/** Sends `error` in the error format. Faults of ours are logged with their stack; the caller sees only the trace id. */
export function sendError(
  error: unknown,
  { request, reply, log }: { request: FastifyRequest; reply: FastifyReply; log: Logger },
): FastifyReply {
  const call = callOf(request)
  return runInTrace(call.trace, () => {
    const language = requestLanguage(request)
    const known = translateError(error, request, language)
    call.errorCode = known.spec.code
    const status = ownStatus[known.spec.code] ?? httpStatus[known.spec.kind]
    if (known.spec.kind === 'internal') log.error({ err: error }, 'A call failed for a reason of ours')
    else if (status >= 500) log.warn({ err: known.cause, 'error.code': known.spec.code }, 'A call could not be served')
    if (known.retryAfterS !== undefined) void reply.header('retry-after', String(Math.ceil(known.retryAfterS)))
    if (status === 401) void reply.header('www-authenticate', 'Bearer')
    if (status === 426) void reply.header('upgrade', 'websocket')
    return reply
      .code(status)
      .type('application/json; charset=utf-8')
      .header('x-trace-id', call.trace.traceId)
      .send(errorBody(known, language))
  })
}

const lingerMs = 1_000
const connectionStatus: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** Answers what is not even HTTP, or never became a whole request: there is nothing to take a language or a trace from. */
export function refuseConnection(error: Error & { code?: string }, socket: Socket, headerBytes: number): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const status = connectionStatus[error.code ?? ''] ?? '400 Bad Request'
  const body = JSON.stringify(errorBody(connectionError(status, headerBytes), 'ko'))
  if (!socket.writable) return void socket.destroy()
  // A caller that never hangs up would keep its half of the connection, and our file descriptor, for good.
  setTimeout(() => socket.destroy(), lingerMs).unref()
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}

function connectionError(status: string, headerBytes: number): AppError {
  if (status.startsWith('431'))
    return new AppError(platformErrors.headersTooLarge, { params: { limit: `${headerBytes / 1024} KiB` } })
  return new AppError(status.startsWith('408') ? platformErrors.timedOut : platformErrors.badRequest)
}

function translateError(error: unknown, request: FastifyRequest, language: 'ko' | 'en'): AppError {
  if (error instanceof AppError) return error
  if (hasZodFastifySchemaValidationErrors(error))
    return new AppError(platformErrors.badRequest, { details: describeFaults(error.validation, language) })
  const { code = '', statusCode = 500 } = (error instanceof Error ? error : {}) as Partial<FastifyError>
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new AppError(platformErrors.bodyTooLarge, {
      params: { limit: `${(request.routeOptions.bodyLimit ?? 0) / 1024} KiB` },
    })
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new AppError(platformErrors.unsupportedMediaType)
  if (code === 'FST_ERR_CTP_INVALID_JSON_BODY' || code === 'FST_ERR_CTP_EMPTY_JSON_BODY')
    return new AppError(platformErrors.badJson)
  if (code === 'FST_ERR_HANDLER_TIMEOUT') return new AppError(platformErrors.timedOut, { cause: error })
  if (code.startsWith('FST_ERR_') && statusCode < 500) return new AppError(platformErrors.badRequest)
  return new AppError(platformErrors.internal, { cause: error })
}

const methods: HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** The methods that this path has routes for. The wildcard that serves pages matches anything, so it says nothing. */
function findMethods(server: FastifyInstance, { url, method: asked }: FastifyRequest): HTTPMethods[] {
  const path = url.split('?')[0] ?? url
  return methods.filter((method) => {
    if (method === asked) return false
    const route = server.findRoute({ method, url: path })
    return route !== null && !('*' in route.params)
  })
}
