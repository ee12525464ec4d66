import { create } from '@bufbuild/protobuf'
import { Server } from '@grpc/grpc-js'
import { HealthImplementation } from 'grpc-health-check'
import type { CertificateFiles } from '#platform/certificate-files'
import { AppError } from '#platform/errors'
import type { Logger } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import { runAsSpan } from '#platform/span'
import { newTrace } from '#platform/trace'
import { AnalysisSchema, type AnalyzeRequest, FaultSchema, Understanding } from '../gen/nlu_pb.ts'
import type { Understand } from '../understanding.ts'
import { fromProtoRequest, toProtoReading, toProtoState } from './convert.ts'
import { serverCredentials } from './credentials.ts'
import { rpcErrors } from './errors.ts'
import { UnreadableMessage } from './read-field.ts'
import { createAnalysisTurns } from './server/analysis-turns.ts'
import { AnalyzeSession, type BytesStream, type Outcome } from './server/analyze-stream.ts'
import { createServerMetrics } from './server/server-metrics.ts'
import { maxRequestBytes, understandingService } from './service-definition.ts'

/** `modelVersion` is asked where a reading does not tell: the model may be exchanged under way. */
type Deps = {
  understand: Understand
  log: Logger
  metrics: Metrics
  modelVersion: () => string
  /** Mutual TLS; plain without, which is for loopback. */
  tls?: CertificateFiles | undefined
}
export type UnderstandingServer = { address: string; close(): Promise<void> }

const sweepMs = 250
/** What a server that closes still gives its readings, then its clients to hang up. */
const drainMs = 2000
const hangUpMs = 1000

/**
 * Serves `Understanding/Analyze` and `grpc.health.v1` on `listen` (`host:port`, port 0 for any). Reports SERVING at once and
 * NOT_SERVING while it closes: then it takes no text more, answers those it has, and ends the streams.
 */
export async function serveUnderstanding(listen: string, deps: Deps): Promise<UnderstandingServer> {
  const server = new Server({
    'grpc.max_receive_message_length': maxRequestBytes,
    'grpc.keepalive_time_ms': 20_000,
    'grpc.keepalive_timeout_ms': 5_000,
  })
  const health = new HealthImplementation({ '': 'SERVING', [Understanding.typeName]: 'SERVING' })
  health.addToServer(server)
  const sessions = new Map<BytesStream, AnalyzeSession>()
  let isServing = true
  const metrics = createServerMetrics(deps.metrics, () => {
    const loads = [...sessions.values()].map((session) => session.load())
    return {
      isServing,
      streams: sessions.size,
      waiting: loads.reduce((sum, { waiting }) => sum + waiting, 0),
      reading: loads.reduce((sum, { reading }) => sum + reading, 0),
    }
  })
  const session = {
    analyze: createAnalyze(deps),
    takeTurn: createAnalysisTurns(),
    metrics,
    modelVersion: deps.modelVersion,
  }
  server.addService(understandingService, {
    analyze(stream: BytesStream) {
      sessions.set(stream, new AnalyzeSession(stream, session))
      stream.on('close', () => sessions.delete(stream))
      stream.on('error', (error) => deps.log.warn({ err: error }, 'An understanding stream failed'))
      if (!isServing) sessions.get(stream)?.drain()
    },
  })
  const sweep = setInterval(() => {
    const now = performance.now()
    for (const one of sessions.values()) one.dropOverdue(now)
  }, sweepMs).unref()

  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(listen, serverCredentials(deps.tls), (error, bound) => (error ? reject(error) : resolve(bound)))
  })
  const host = listen.slice(0, listen.lastIndexOf(':'))
  return {
    address: `${host}:${port}`,
    async close() {
      isServing = false
      health.setStatus('', 'NOT_SERVING')
      health.setStatus(Understanding.typeName, 'NOT_SERVING')
      const ended = [...sessions].map(
        ([stream, opened]) =>
          new Promise((resolve) => {
            stream.once('finish', resolve)
            stream.once('close', resolve)
            opened.drain()
          }),
      )
      await within(drainMs, Promise.all(ended))
      await within(hangUpMs, new Promise((resolve) => server.tryShutdown(resolve)))
      server.forceShutdown()
      clearInterval(sweep)
    },
  }
}

/** Resolves when `work` does, or after `ms`. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}

const readingSpan = { name: 'Understanding/Analyze', kind: 'server', attributes: { 'rpc.system': 'grpc' } } as const

/** Reads one text; never rejects. */
function createAnalyze({ understand, log, modelVersion }: Deps): (request: AnalyzeRequest) => Promise<Outcome> {
  function toFault(error: unknown) {
    if (error instanceof UnreadableMessage)
      return create(FaultSchema, { code: rpcErrors.badRequest.code, message: error.message })
    if (error instanceof AppError) return create(FaultSchema, { code: error.spec.code, message: error.sentence('en') })
    log.error({ err: error }, 'A question could not be read')
    return create(FaultSchema, { code: rpcErrors.fault.code, message: 'internal fault' })
  }

  return async (request) => {
    try {
      const asked = fromProtoRequest(request)
      const { understanding, state, model } = await runAsSpan(newTrace(request.traceparent), readingSpan, async () =>
        understand(asked),
      )
      const reading = toProtoReading(understanding)
      const value = create(AnalysisSchema, {
        reading,
        state: toProtoState(state),
        modelVersion: model ?? modelVersion(),
      })
      return { case: 'analysis', value }
    } catch (error) {
      return { case: 'fault', value: toFault(error) }
    }
  }
}
