import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import cookie from '@fastify/cookie'
import websocket from '@fastify/websocket'
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { CertificateFiles } from './certificate-files.ts'
import { AppError } from './errors.ts'
import { answerErrors, refuseConnection, sendError } from './http/answer-errors.ts'
import { callOf, isApiCall } from './http/call-state.ts'
import { describeApi } from './http/describe-api.ts'
import { createLimiter } from './http/limit-rate.ts'
import { createRequestCheck } from './http/limit-requests.ts'
import { createSocketLimiter } from './http/limit-sockets.ts'
import { defaultLimits, type HttpLimits } from './http/limits.ts'
import { parseJsonOnly } from './http/parse-json.ts'
import { serveProbes } from './http/probes.ts'
import type { ReadinessChecks } from './http/readiness.ts'
import { type ApiCall, type CallRecorder, createCallRecorder, recordCalls } from './http/record-calls.ts'
import { accessOf, createUpgradeCheck, type Guard, requireAccess } from './http/require-access.ts'
import { createOriginCheck } from './http/same-origin.ts'
import { setSecurityHeaders } from './http/security-headers.ts'
import type { Logger } from './log.ts'
import type { Metrics } from './metrics.ts'
import { platformErrors } from './platform-errors.ts'
import { createMemoryRateCounters } from './rate-counters.memory.ts'
import type { RateCounters } from './rate-counters.ts'
import { runInTrace } from './trace.ts'

export { setActor, setErrorCode, traceOf } from './http/call-state.ts'
export { defaultLimits, type HttpLimits } from './http/limits.ts'
export type { ApiCall } from './http/record-calls.ts'
export { requestLanguage } from './http/request-language.ts'

/** Fastify with zod schemas. Every route declares `config: { access: 'public' | 'signed-in' | … }` or is refused; `scope` is what an API key needs for it, none is let in without; `isUnlimited` is for machines that have a key of their own. */
export type HttpServer = FastifyInstance<Server, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>

export type HttpServerOptions = {
  log: Logger
  metrics: Metrics
  /** Where readers reach this server: for the origin check, HSTS and the API document. */
  publicUrl: string
  /** Asked before the body is read, for every route but public ones. */
  guard: Guard
  /** Told of every finished call of the API and of sign-in, refused ones too. */
  onCall: (call: ApiCall) => Promise<void>
  readiness: ReadinessChecks
  /** Origins that pages may call besides this one; none unless told. */
  callsTo?: readonly string[]
  /** TLS 1.3 only, with certificates that may be exchanged under way. Plain HTTP without. */
  https?: Pick<CertificateFiles, 'current' | 'onChange'> | undefined
  limits?: Partial<HttpLimits>
  /** Where calls are counted; in this process unless told. */
  counters?: RateCounters
  /** Networks that may read /metrics; loopback unless told. */
  metricsFrom?: string[]
  /** Networks that may read /healthz and /readyz; all unless told. */
  healthFrom?: string[]
  /** Networks of proxies whose X-Forwarded-For is believed; none unless told. */
  trustedProxies?: string[]
}

const loopback = ['127.0.0.0/8', '::1']

/**
 * The HTTP side of the product, before any capability adds its routes: traces, access, limits, the error format, security
 * headers, /openapi.json and the probes. The caller registers routes, then listens.
 */
export async function createHttpServer(given: HttpServerOptions): Promise<HttpServer> {
  const options = { ...given, limits: { ...defaultLimits, ...given.limits } }
  const log = options.log.child({ 'event.module': 'http' })
  const recorder = createCallRecorder({ ...options, log })
  const server = createFastify(options, log, recorder)
  server.setValidatorCompiler(validatorCompiler)
  server.setSerializerCompiler(serializerCompiler)
  server.addHook('onRequest', (request, reply, done) => {
    const { trace } = callOf(request)
    void reply.header('x-trace-id', trace.traceId)
    runInTrace(trace, done)
  })
  parseJsonOnly(server, options.limits)
  answerErrors(server, log)
  requireAccess(server)
  await setSecurityHeaders(server, options)
  await server.register(cookie)
  await server.register(websocket, {
    options: { maxPayload: options.limits.frameBytes },
    errorHandler: (error, socket) => {
      log.warn({ err: error }, 'A WebSocket failed')
      socket.close(1011)
    },
  })
  recordCalls(server, recorder, options.metrics)
  server.server.maxConnections = options.limits.connections
  checkCalls(server, options)
  await describeApi(server, options.publicUrl)
  const { metricsFrom = loopback, healthFrom = [] } = options
  serveProbes(server, { ...options, log, metricsFrom, healthFrom })
  return server
}

type LimitedOptions = HttpServerOptions & { limits: HttpLimits }

/** Who may call, how often, from where: decided before a byte of the body is read. Pages and probes count toward no limit. */
function checkCalls(server: HttpServer, options: LimitedOptions): void {
  const { publicUrl, limits, guard, counters = createMemoryRateCounters() } = options
  const checkOrigin = createOriginCheck(publicUrl)
  const checkRequest = createRequestCheck(limits)
  const sockets = createSocketLimiter(limits)
  const checkUpgrade = createUpgradeCheck(server)
  const { limitAddress, limitActor } = createLimiter(counters, limits)
  server.websocketServer.on('connection', sockets.watch)
  let isClosing = false
  server.addHook('preClose', async () => {
    isClosing = true
  })
  server.addHook('onRequest', async (request, reply) => {
    if (isClosing) {
      void reply.header('connection', 'close')
      throw new AppError(platformErrors.shuttingDown, { retryAfterS: 2 })
    }
    checkRequest(request)
    if (isLimited(request)) await limitAddress(request, reply)
    checkOrigin(request)
    const access = accessOf(request)
    if (access === undefined) return
    if (access !== 'public') await guard(request, access)
    await limitActor(request, reply)
    checkUpgrade(request)
    if (request.ws) sockets.takePlace(request)
  })
}

const unlimited = new Set(['/*', '/healthz', '/readyz', '/metrics'])

function isLimited(request: FastifyRequest): boolean {
  const { config } = request.routeOptions
  if ('isUnlimited' in config && config.isUnlimited === true) return false
  return isApiCall(request) || !unlimited.has(request.routeOptions.url ?? '')
}

/** Java's own client asks every plain HTTP server for HTTP/2 (h2c); whoever knows no better answers with what it has. */
const shouldUpgradeCallback = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket'

function createFastify(options: LimitedOptions, log: Logger, { record }: CallRecorder): HttpServer {
  const { limits } = options
  const settings = {
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (logger: FastifyBaseLogger) => logger,
    bodyLimit: limits.bodyBytes,
    // What is too long for an id is for the route's schema to say, not for the router.
    routerOptions: { maxParamLength: limits.headerBytes },
    requestTimeout: limits.requestMs,
    handlerTimeout: limits.answerMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionTimeout: limits.silenceMs,
    return503OnClosing: false,
    trustProxy: options.trustedProxies ?? false,
    clientErrorHandler: (error: Error & { code?: string }, socket: Socket) =>
      refuseConnection(error, socket, limits.headerBytes),
    // A URL that cannot be read reaches no hook, so it is answered and recorded here.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      reply.raw.once('finish', () => record(callOf(request), reply.statusCode))
      void sendError(error, { request, reply, log })
    },
  }
  const http = {
    shouldUpgradeCallback,
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    // Node looks for requests that take too long only so often, every 30 s unless told.
    connectionsCheckingInterval: Math.ceil(Math.min(limits.headersMs, limits.requestMs) / 4),
  }
  if (!options.https) return fastify({ ...settings, http }).withTypeProvider<ZodTypeProvider>()
  const { current, onChange } = options.https
  const secure = () => ({ cert: current().cert, key: current().key, minVersion: 'TLSv1.3' as const })
  const server = fastify({ ...settings, https: { ...http, ...secure() } })
  // Connections that stand keep what they were opened with.
  onChange(() => server.server.setSecureContext(secure()))
  // Fastify types the two apart; to us they are the same.
  return server.withTypeProvider<ZodTypeProvider>() as unknown as HttpServer
}
