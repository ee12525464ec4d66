import type { IncomingMessage, Server, ServerResponse } from 'node:http'
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
import { createLimiter, type RateLimits } from './http/limit-rate.ts'
import { parseJsonOnly } from './http/parse-json.ts'
import { type ReadinessChecks, serveProbes } from './http/probes.ts'
import { type ApiCall, type CallRecorder, createCallRecorder, recordCalls } from './http/record-calls.ts'
import { accessOf, createUpgradeCheck, type Guard, requireAccess } from './http/require-access.ts'
import { createOriginCheck } from './http/same-origin.ts'
import { setSecurityHeaders } from './http/security-headers.ts'
import type { Logger } from './log.ts'
import type { Metrics } from './metrics.ts'
import { platformErrors } from './platform-errors.ts'
import { runInTrace } from './trace.ts'

export { setActor, traceOf } from './http/call-state.ts'
export type { ApiCall } from './http/record-calls.ts'
export { requestLanguage } from './http/request-language.ts'

/** Fastify with zod schemas. Every route declares `config: { access: 'public' | 'signed-in' | … }` or is refused; `isUnlimited` is for machines that have a key. */
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
  /** TLS 1.3 only, with certificates that may be exchanged under way. Plain HTTP without. */
  https?: Pick<CertificateFiles, 'current' | 'onChange'> | undefined
  /** Requests a minute. */
  limits?: Partial<RateLimits>
  /** Addresses or networks that may read /metrics; loopback unless told. */
  metricsFrom?: string[]
  /** Proxies whose X-Forwarded-For is believed; none unless told. */
  trustedProxies?: string[]
}

const bodyLimit = 64 * 1024
/** No shorter than the longest URL: what is too long for an id is for the route's schema to say, not for the router. */
const maxParamLength = 16 * 1024
const loopback = ['127.0.0.0/8', '::1']

/**
 * The HTTP side of the product, before any capability adds its routes: traces, access, limits, the error format, security
 * headers, /openapi.json and the probes. The caller registers routes, then listens.
 */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
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
  parseJsonOnly(server)
  answerErrors(server, log)
  requireAccess(server)
  await setSecurityHeaders(server, options.publicUrl)
  await server.register(cookie)
  await server.register(websocket, {
    options: { maxPayload: bodyLimit },
    errorHandler: (error, socket) => {
      log.warn({ err: error }, 'A WebSocket failed')
      socket.close(1011)
    },
  })
  recordCalls(server, recorder, options.metrics)
  await checkCalls(server, options)
  await describeApi(server, options.publicUrl)
  serveProbes(server, { ...options, log, metricsFrom: options.metricsFrom ?? loopback })
  return server
}

/** Who may call, how often, from where: decided before a byte of the body is read. Pages and probes count toward no limit. */
async function checkCalls(server: HttpServer, { publicUrl, limits, guard }: HttpServerOptions): Promise<void> {
  const checkOrigin = createOriginCheck(publicUrl)
  const checkUpgrade = createUpgradeCheck(server)
  const { limitAddress, limitActor } = await createLimiter(server, { perActor: 300, perAddress: 3_000, ...limits })
  let isClosing = false
  server.addHook('preClose', async () => {
    isClosing = true
  })
  server.addHook('onRequest', async (request, reply) => {
    if (isClosing) {
      void reply.header('connection', 'close')
      throw new AppError(platformErrors.shuttingDown, { retryAfterS: 2 })
    }
    if (isLimited(request)) await limitAddress(request)
    checkOrigin(request)
    const access = accessOf(request)
    if (access === undefined) return
    if (access !== 'public') await guard(request, access)
    await limitActor(request)
    checkUpgrade(request)
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

function createFastify(options: HttpServerOptions, log: Logger, { record }: CallRecorder): HttpServer {
  const settings = {
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (logger: FastifyBaseLogger) => logger,
    bodyLimit,
    routerOptions: { maxParamLength },
    // To receive a request, to answer it, and to wait for the next one on the connection.
    requestTimeout: 20_000,
    handlerTimeout: 30_000,
    keepAliveTimeout: 65_000,
    return503OnClosing: false,
    trustProxy: options.trustedProxies ?? false,
    clientErrorHandler: refuseConnection,
    // A URL that cannot be read reaches no hook, so it is answered and recorded here.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      reply.raw.once('finish', () => record(callOf(request), reply.statusCode))
      void sendError(error, { request, reply, log })
    },
  }
  if (!options.https)
    return fastify({ ...settings, http: { shouldUpgradeCallback } }).withTypeProvider<ZodTypeProvider>()
  const { current, onChange } = options.https
  const secure = () => ({ cert: current().cert, key: current().key, minVersion: 'TLSv1.3' as const })
  const server = fastify({ ...settings, https: { ...secure(), shouldUpgradeCallback } })
  // Connections that stand keep what they were opened with.
  onChange(() => server.server.setSecureContext(secure()))
  // Fastify types the two apart; to us they are the same.
  return server.withTypeProvider<ZodTypeProvider>() as unknown as HttpServer
}
