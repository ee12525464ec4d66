import type { CertificateFiles } from '#platform/certificate-files'
import { AppError } from '#platform/errors'
import type { Logger } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import { runInSpan } from '#platform/span'
import type { Understand } from '../understanding.ts'
import { createClientMetrics } from './client/client-metrics.ts'
import { Dispatcher } from './client/dispatcher.ts'
import { ServerLink } from './client/server-link.ts'
import { clientCredentials } from './credentials.ts'
import { rpcErrors } from './errors.ts'

/** Without `tls` the connection is plain, which is for loopback. */
type Deps = { log: Logger; metrics: Metrics; tls?: CertificateFiles | undefined }
export type UnderstandingClient = {
  understand: Understand
  checkReady(): Promise<void>
  /** Asks every server how it is. */
  health(): Promise<{ address: string; isHealthy: boolean }[]>
  close(): void
}

const healthEveryMs = 5000
const callSpan = { name: 'Understanding/Analyze', kind: 'client', attributes: { 'rpc.system': 'grpc' } } as const

/**
 * Understanding over gRPC: round-robin over the healthy of `addresses`, 2 s for a request whatever happens, a health check
 * every 5 s. A request whose server breaks, stalls or is full is sent to the next one; of a growing text only the newest.
 * Throws NLU_UNAVAILABLE, NLU_TIMEOUT, NLU_OVERLOADED, NLU_SUPERSEDED, NLU_BAD_REQUEST, NLU_FAULT.
 */
export function connectUnderstanding(
  addresses: string[],
  { log, metrics: { registry }, tls }: Deps,
): UnderstandingClient {
  const credentials = clientCredentials(tls)
  const onRoom = () => dispatcher.sendWaiting()
  const links = addresses.map((address) => new ServerLink(address, { log, onRoom, credentials }))
  const metrics = createClientMetrics(
    { registry },
    () => links,
    () => dispatcher.waiting(),
  )
  const dispatcher = new Dispatcher({ links, log, metrics })
  const checkAll = () => Promise.all(links.map((link) => link.checkHealth()))
  const checkInTurn = () => {
    void checkAll()
    timer = setTimeout(checkInTurn, healthEveryMs).unref()
  }
  // Clients that start together do not check together.
  let timer = setTimeout(checkInTurn, healthEveryMs * Math.random()).unref()
  void checkAll()

  return {
    understand: (request, signal) => runInSpan(callSpan, () => dispatcher.ask(request, signal)),
    async health() {
      await checkAll()
      return links.map((link) => ({ address: link.address, isHealthy: link.isHealthy() }))
    },
    async checkReady() {
      await checkAll()
      if (!links.some((link) => link.isHealthy())) throw new AppError(rpcErrors.unavailable)
    },
    close() {
      clearTimeout(timer)
      dispatcher.close()
      for (const link of links) link.close()
    },
  }
}
