import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { errorBodySchema } from '../envelope.ts'
import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { createNetworkList } from '../networks.ts'
import { platformErrors } from '../platform-errors.ts'

/** What must work before this process may be sent traffic; each rejects when its part does not. */
export type ReadinessChecks = Record<string, () => Promise<void>>

type Deps = { log: Logger; metrics: Metrics; readiness: ReadinessChecks; metricsFrom: string[]; healthFrom: string[] }

const deadlineMs = 1_000

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

/** Runs all checks at once, a second each. One that hangs is not started again while it does. */
function createReadinessCheck(readiness: ReadinessChecks, log: Logger) {
  const running = new Map<string, Promise<void>>()
  const start = (name: string, check: () => Promise<void>) => {
    const known = running.get(name)
    if (known) return known
    const started = check().finally(() => running.delete(name))
    running.set(name, started)
    return started
  }
  return async (): Promise<{ field: string; issue: string }[]> => {
    const results = await Promise.all(
      Object.entries(readiness).map(async ([field, check]) => {
        try {
          const issue = await Promise.race([start(field, check), expire(deadlineMs)])
          return issue ? [{ field, issue }] : []
        } catch (error) {
          log.warn({ err: error, 'event.reason': field }, 'A readiness check failed')
          return [{ field, issue: 'failed' }]
        }
      }),
    )
    return results.flat()
  }
}

function expire(afterMs: number): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve('no answer'), afterMs).unref())
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
