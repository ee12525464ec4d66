import { BlockList, isIPv6 } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { platformErrors } from '../platform-errors.ts'

/** What must work before this process may be sent traffic; each rejects when its part does not. */
export type ReadinessChecks = Record<string, () => Promise<void>>

type Deps = { log: Logger; metrics: Metrics; readiness: ReadinessChecks; metricsFrom: string[] }

const deadlineMs = 1_000

/** /healthz: the process answers. /readyz: what it needs answers. /metrics: Prometheus, to `metricsFrom` only. */
export function serveProbes(server: FastifyInstance, { log, metrics, readiness, metricsFrom }: Deps): void {
  const config = { access: 'public' }
  const statusSchema = { response: { 200: z.object({ status: z.string() }) } }
  const check = createReadinessCheck(readiness, log)
  const isAllowed = createAddressCheck(metricsFrom)

  server.get('/healthz', { config, schema: statusSchema }, async () => ({ status: 'ok' }))
  server.get('/readyz', { config, schema: statusSchema }, async () => {
    const failed = await check()
    if (failed.length === 0) return { status: 'ready' }
    throw new AppError(platformErrors.notReady, { details: failed })
  })
  server.get('/metrics', { config, schema: { hide: true } }, async (request, reply) => {
    if (!isAllowed(request)) throw new AppError(platformErrors.addressNotAllowed)
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
function createAddressCheck(addresses: string[]): (request: FastifyRequest) => boolean {
  const allowed = new BlockList()
  for (const text of addresses) {
    const [address = '', prefix] = text.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    allowed.addSubnet(address, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family)
  }
  return (request) => {
    const { headers, ips, ip } = request
    const isForwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined
    if (isForwarded && ips === undefined) return false
    return allowed.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4')
  }
}
