import { create } from '@bufbuild/protobuf'
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js'
import { HealthImplementation } from 'grpc-health-check'
import { Histogram } from 'prom-client'
import { z } from 'zod'
import { AppError } from '#platform/errors'
import type { Logger } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import { newTrace, runInTrace } from '#platform/trace'
import {
  AnalysisSchema,
  type AnalyzeRequest,
  type AnalyzeResponse,
  AnalyzeResponseSchema,
  FaultSchema,
  Understanding,
} from '../gen/nlu_pb.ts'
import type { Understand } from '../understanding.ts'
import { fromProtoRequest, toProtoReading, toProtoState } from './convert.ts'
import { rpcErrors } from './errors.ts'
import { understandingService } from './service-definition.ts'

type Deps = { understand: Understand; log: Logger; metrics: Metrics; modelVersion: string }
type Stream = ServerDuplexStream<AnalyzeRequest, AnalyzeResponse>
export type UnderstandingServer = { address: string; close(): Promise<void> }

/** A question and its dialogue state are small; anything larger is not one. */
const maxMessageBytes = 256 * 1024

/**
 * Serves `Understanding/Analyze` and `grpc.health.v1` on `listen` (`host:port`, port 0 for any). Reports SERVING at once and
 * NOT_SERVING while it closes, so that clients leave before their streams end.
 */
export async function serveUnderstanding(listen: string, deps: Deps): Promise<UnderstandingServer> {
  const server = new Server({ 'grpc.max_receive_message_length': maxMessageBytes, 'grpc.keepalive_time_ms': 20_000 })
  const health = new HealthImplementation({ '': 'SERVING', [Understanding.typeName]: 'SERVING' })
  health.addToServer(server)
  const streams = new Set<Stream>()
  server.addService(understandingService, { analyze: createAnalyzeHandler(deps, streams) })

  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(listen, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    )
  })
  const host = listen.slice(0, listen.lastIndexOf(':'))
  return {
    address: `${host}:${port}`,
    async close() {
      health.setStatus('', 'NOT_SERVING')
      health.setStatus(Understanding.typeName, 'NOT_SERVING')
      for (const stream of streams) stream.end()
      await new Promise<void>((resolve) => {
        const force = setTimeout(() => server.forceShutdown(), 1000)
        server.tryShutdown(() => {
          clearTimeout(force)
          resolve()
        })
      })
    },
  }
}

function createAnalyzeHandler({ understand, log, metrics, modelVersion }: Deps, streams: Set<Stream>) {
  const duration = new Histogram({
    name: 'nlu_analysis_duration_seconds',
    help: 'Time to read one question in the understanding server',
    labelNames: ['outcome'],
    buckets: [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.2, 1],
    registers: [metrics.registry],
  })
  return (stream: Stream) => {
    streams.add(stream)
    stream.on('close', () => streams.delete(stream))
    stream.on('error', (error) => log.warn({ err: error }, 'analysis stream failed'))
    stream.on('end', () => stream.end())
    stream.on('data', (request: AnalyzeRequest) => {
      const startedAt = process.hrtime.bigint()
      void analyze(request).then((outcome) => {
        const micros = (process.hrtime.bigint() - startedAt) / 1000n
        duration.observe({ outcome: outcome.case === 'analysis' ? 'ok' : outcome.value.code }, Number(micros) / 1e6)
        if (outcome.case === 'analysis') outcome.value.elapsedMicros = micros
        const wantsMore = stream.write(create(AnalyzeResponseSchema, { requestId: request.requestId, outcome }))
        if (!wantsMore && !stream.isPaused()) {
          // The client reads slower than it asks: stop taking requests until it has caught up.
          stream.pause()
          stream.once('drain', () => stream.resume())
        }
      })
    })
  }

  async function analyze(request: AnalyzeRequest) {
    try {
      const { understanding, state } = await runInTrace(newTrace(request.traceparent), () =>
        understand(fromProtoRequest(request)),
      )
      const analysis = create(AnalysisSchema, {
        reading: toProtoReading(understanding),
        state: toProtoState(state),
        modelVersion,
      })
      return { case: 'analysis', value: analysis } as const
    } catch (error) {
      return { case: 'fault', value: toFault(error) } as const
    }
  }

  function toFault(error: unknown) {
    if (error instanceof z.ZodError) {
      return create(FaultSchema, { code: rpcErrors.badRequest.code, message: error.issues[0]?.message ?? 'unreadable' })
    }
    if (error instanceof AppError) return create(FaultSchema, { code: error.spec.code, message: error.sentence('en') })
    log.error({ err: error }, 'a question could not be read')
    return create(FaultSchema, { code: rpcErrors.fault.code, message: 'internal fault' })
  }
}
