import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { errorBodySchema } from '../envelope.ts'
import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { createNetworkList } from '../networks.ts'
import { platformErrors } from '../platform-errors.ts'
import { createReadinessCheck, type ReadinessChecks } from './readiness.ts'

type Deps = { log: Logger; metrics: Metrics; readiness: ReadinessChecks; metricsFrom: string[]; healthFrom: string[] }

/** /healthz: the process answers. /readyz: what it needs answers; both to `healthFrom` only. /metrics: Prometheus, to `metricsFrom` only. */
export function serveProbes(server: FastifyInstance, { log, metrics, readiness, ...from }: Deps): void {
  const config = { access: 'public' }
  const statusSchema = { response: { 200: z.object({ status: z.string() }), 403: errorBodySchema } }
  const check = createReadinessCheck(readiness, log)
  const checkHealthReader = createAddressCheck(from.healthFrom)
  const checkMetricsReader = createAddressCheck(from.metricsFrom)

  server.get('/healthz', { config, schema: statusSchema }, async (request) => {
    checkHealthReader(request)
    return { status: 'ok' }
  })
  server.get('/readyz', { config, schema: statusSchema }, async (request) => {
    checkHealthReader(request)
    const failed = await check()
    if (failed.length === 0) return { status: 'ready' }
    throw new AppError(platformErrors.notReady, { details: failed })
  })
  server.get('/metrics', { config, schema: { hide: true } }, async (request, reply) => {
    checkMetricsReader(request)
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
}

/** Forwarded headers that no trusted proxy vouches for mean that the true caller is unknown, so it is refused. */
function createAddressCheck(networks: string[]): (request: FastifyRequest) => void {
  if (networks.length === 0) return () => undefined
  const allowed = createNetworkList(networks)
  return ({ headers, ips, ip }) => {
    const isForwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined
    // Fastify lists the caller as well, so that one address alone means that nobody vouched for the header.
    const isUnknown = isForwarded && (ips === undefined || ips.length < 2)
    if (isUnknown || !allowed.has(ip)) throw new AppError(platformErrors.addressNotAllowed)
  }
}
