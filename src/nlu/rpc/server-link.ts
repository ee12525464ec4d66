import { type Client, type ClientDuplexStream, credentials, makeGenericClientConstructor } from '@grpc/grpc-js'
import { service as healthService } from 'grpc-health-check'
import type { Logger } from '#platform/log'
import { type AnalyzeRequest, type AnalyzeResponse, Understanding } from '../gen/nlu_pb.ts'
import { understandingService } from './service-definition.ts'

type AnalyzeStream = ClientDuplexStream<AnalyzeRequest, AnalyzeResponse>
type Pending = { resolve: (response: AnalyzeResponse) => void; reject: (error: Error) => void }

/** One understanding server as its client sees it: a channel, one long-lived stream, and what the last health check said. */
export type ServerLink = {
  address: string
  isHealthy(): boolean
  /** Sends one request. Rejects when the stream breaks or `abandon` fires; the caller retries elsewhere. */
  ask(request: AnalyzeRequest, abandon: AbortSignal): Promise<AnalyzeResponse>
  checkHealth(): Promise<void>
  close(): void
}

const UnderstandingClient = makeGenericClientConstructor(understandingService, 'Understanding')
const HealthClient = makeGenericClientConstructor(healthService, 'Health')
const healthDeadlineMs = 1000

type HealthCall = Client & {
  check(
    request: { service: string },
    options: { deadline: number },
    done: (error: Error | null, reply?: { status: string }) => void,
  ): void
}

/** Opens a link. It connects lazily, reconnects on the next request, and counts as healthy until a check or a stream says otherwise. */
export function createServerLink(address: string, log: Logger): ServerLink {
  const options = {
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 2000,
    'grpc.keepalive_time_ms': 20_000,
  }
  const client = new UnderstandingClient(address, credentials.createInsecure(), options)
  const healthClient = new HealthClient(address, credentials.createInsecure(), options) as unknown as HealthCall
  const pending = new Map<string, Pending>()
  let stream: AnalyzeStream | undefined
  let healthy = true

  function openStream(): AnalyzeStream {
    const opened = (client as unknown as { analyze(): AnalyzeStream }).analyze()
    opened.on('data', (response: AnalyzeResponse) => {
      pending.get(response.requestId)?.resolve(response)
      pending.delete(response.requestId)
    })
    const lose = (error: Error) => {
      if (stream !== opened) return
      stream = undefined
      healthy = false
      for (const { reject } of pending.values()) reject(error)
      pending.clear()
    }
    opened.on('error', lose)
    opened.on('end', () => lose(new Error('the server ended the stream')))
    return opened
  }

  return {
    address,
    isHealthy: () => healthy,
    ask(request, abandon) {
      return new Promise((resolve, reject) => {
        stream ??= openStream()
        pending.set(request.requestId, { resolve, reject })
        abandon.addEventListener('abort', () => {
          pending.delete(request.requestId)
          reject(new Error('abandoned'))
        })
        stream.write(request)
      })
    },
    checkHealth() {
      return new Promise((resolve) => {
        healthClient.check(
          { service: Understanding.typeName },
          { deadline: Date.now() + healthDeadlineMs },
          (error, reply) => {
            const serving = !error && reply?.status === 'SERVING'
            if (serving !== healthy) log.info({ server: { address }, serving }, 'understanding server changed health')
            healthy = serving
            resolve()
          },
        )
      })
    },
    close() {
      stream?.end()
      client.close()
      healthClient.close()
    },
  }
}
