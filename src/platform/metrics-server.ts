import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { CertificateFiles } from './certificate-files.ts'
import { createReadinessCheck, type ReadinessChecks } from './http/readiness.ts'
import type { Logger } from './log.ts'
import { isLoopback } from './loopback.ts'
import type { Metrics } from './metrics.ts'
import { createNetworkList } from './networks.ts'

type Deps = {
  log: Logger
  metrics: Metrics
  readiness: ReadinessChecks
  /** Networks that may call; loopback unless told. */
  from?: string[] | undefined
  /** For a listener that is not on loopback, which without it is refused. TLS 1.3 only, with certificates that may be exchanged under way. */
  https?: Pick<CertificateFiles, 'current' | 'onChange'> | undefined
}

export type MetricsServer = AsyncDisposable & { url: string }

const loopback = ['127.0.0.0/8', '::1/128']
type Reply = { status: number; type?: string; body: string }

/**
 * A small listener at `listen` (`host:port`, port 0 for any) for roles that have no HTTP server of their own: /metrics in the
 * Prometheus text format, /healthz, and /readyz, which answers 503 with the names of what does not work. No secrets
 * in it, and only for the networks told. Plain HTTP on loopback, TLS elsewhere.
 */
export async function serveMetrics(
  listen: string,
  { log, metrics, readiness, from, https }: Deps,
): Promise<MetricsServer> {
  const check = createReadinessCheck(readiness, log)
  const allowed = createNetworkList(from ?? loopback)
  const pages: Record<string, () => Promise<Reply>> = {
    '/metrics': async () => ({
      status: 200,
      type: metrics.registry.contentType,
      body: await metrics.registry.metrics(),
    }),
    '/healthz': async () => ({ status: 200, body: JSON.stringify({ status: 'ok' }) }),
    '/readyz': async () => {
      const failed = await check()
      const status = failed.length === 0 ? 'ready' : 'not ready'
      return { status: failed.length === 0 ? 200 : 503, body: JSON.stringify({ status, details: failed }) }
    },
  }
  const answer = async ({ method, url, headers, socket }: IncomingMessage): Promise<Reply> => {
    const page = pages[url?.split('?')[0] ?? '']
    // No proxy belongs here: behind one, the caller is unknown.
    const isForwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined
    if (isForwarded || !allowed.has(socket.remoteAddress ?? ''))
      return { status: 403, body: '{"status":"not allowed"}' }
    if (method !== 'GET' || !page) return { status: 404, body: '{"status":"not found"}' }
    return await page()
  }
  const { host, port } = readListen(listen)
  const server = isLoopback(host) ? createServer(times) : openSecure(https)
  server.maxConnections = 50
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    request.resume()
    answer(request).then(
      ({ status, type = 'application/json', body }) => response.writeHead(status, { 'content-type': type }).end(body),
      (error: unknown) => {
        log.error({ err: error }, 'Metrics could not be read')
        response.writeHead(500).end()
      },
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const bound = (server.address() as AddressInfo).port
  return {
    url: `${isLoopback(host) ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const times = { requestTimeout: 5_000, headersTimeout: 5_000, keepAliveTimeout: 5_000 }

function openSecure(https: Deps['https']) {
  if (!https) throw new Error('Metrics are shown over TLS only off loopback')
  const secure = () => ({ cert: https.current().cert, key: https.current().key, minVersion: 'TLSv1.3' as const })
  const server = createSecureServer({ ...times, ...secure() })
  // Connections that stand keep what they were opened with.
  https.onChange(() => server.setSecureContext(secure()))
  return server
}

function readListen(listen: string): { host: string; port: number } {
  const colon = listen.lastIndexOf(':')
  return { host: listen.slice(0, colon).replaceAll(/[[\]]/g, ''), port: Number(listen.slice(colon + 1)) }
}
