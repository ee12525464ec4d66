import type { Catalog } from '#catalog'
import { AppError } from '#platform/errors'
import type { Logger } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import {
  AggregateUnsupported,
  type ErpCapabilities,
  type ErpConnector,
  type FetchResult,
  type FetchSpec,
} from '../../erp-connector.ts'
import { erpErrors } from '../../errors.ts'
import { findEntity } from '../../fields.ts'
import { ServerLost } from '../http/retry-call.ts'
import { createServerGroup } from '../http/server-group.ts'
import { fetchPages } from './fetch-pages.ts'
import { type CallLimits, createODataClient } from './odata-client.ts'
import { createPageReader } from './read-page.ts'
import { mappedEntity, writeRequest } from './write-request.ts'

/** `urls`: the primary first, then standbys with the same data and credentials. Paths default to the demo ERP's. */
export type ODataConfig = {
  urls: string[]
  clientId: string
  clientSecret: string
  apiKey: string
  servicePath?: string
  tokenPath?: string
  /** What the servers are known not to do; found out by asking when absent. */
  aggregate?: ErpCapabilities['aggregate']
}

/** How long a lost server rests, how long all pages of one fetch may take, and how often a missing $apply is asked for again. */
type Limits = CallLimits & { restMs: number; pagingMs: number; askAgainMs: number }

type Deps = {
  config: ODataConfig
  catalog: Catalog
  log: Logger
  metrics: Metrics
  now?: () => Date
  limits?: Partial<Limits>
}

const defaultLimits: Limits = {
  attemptMs: 5_000,
  budgetMs: 10_000,
  retries: 3,
  baseDelayMs: 150,
  maxReplyBytes: 32 * 1024 * 1024,
  restMs: 15_000,
  pagingMs: 20_000,
  askAgainMs: 10 * 60_000,
}

/** An ERP that speaks OData v4. Throws Error at once for a URL that would carry data in the clear. */
export function createOdataConnector({
  config,
  catalog,
  log,
  metrics,
  now = () => new Date(),
  ...deps
}: Deps): ErpConnector {
  const limits = { ...defaultLimits, ...deps.limits }
  const { urls, servicePath = '/odata/v4/', tokenPath = '/oauth2/token' } = config
  const servers = urls.map((url, index) => ({ name: nameServer(index), url: new URL(servicePath, requireSafe(url)) }))
  const client = createODataClient({ servers, access: { ...config, tokenPath }, limits, metrics, now })
  const { probe } = client
  const group = createServerGroup({
    servers,
    probe,
    restMs: limits.restMs,
    log: log.child({ 'event.module': 'erp' }),
    now,
  })
  let unsupportedUntil = 0
  let noDistinctUntil = 0

  function capabilities(): ErpCapabilities {
    const isMissing = config.aggregate === 'none' || now().getTime() < unsupportedUntil
    const countDistinct = now().getTime() >= noDistinctUntil
    return { aggregate: isMissing ? 'none' : 'server', countDistinct, dateParts: ['year', 'month'] }
  }

  /** A server that only cannot count distinct values still sums; one that cannot group at all says so again. */
  function noteUnsupported(spec: FetchSpec): void {
    const until = now().getTime() + limits.askAgainMs
    if (spec.kind === 'groups' && spec.aggregates.some(({ fn }) => fn === 'distinct')) noDistinctUntil = until
    else unsupportedUntil = until
  }

  async function fetch(spec: FetchSpec, signal: AbortSignal): Promise<FetchResult> {
    const mapped = mappedEntity(catalog, spec.entity)
    const read = createPageReader(findEntity(catalog, spec.entity), mapped, spec)
    const request = { path: writeRequest(mapped, spec), spec }
    const pageLimits = { ...limits, endsAt: performance.now() + limits.budgetMs }
    let lost: ServerLost | undefined
    for (const server of group.inOrder()) {
      try {
        const result = await fetchPages({ client, server, read }, request, pageLimits, signal)
        group.reportUp(server)
        return { ...result, source: server === servers[0] ? 'live' : 'failover' }
      } catch (error) {
        if (error instanceof AggregateUnsupported && error.isLasting) noteUnsupported(spec)
        if (!(error instanceof ServerLost)) throw error
        group.reportLost(server)
        lost = error
      }
    }
    throw new AppError(erpErrors.unavailable, { cause: lost })
  }

  return { capabilities, fetch, status: group.status, close: client.close }
}

function nameServer(index: number): string {
  if (index === 0) return 'primary'
  return index === 1 ? 'standby' : `standby${index}`
}

function requireSafe(text: string): string {
  const url = new URL(text)
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback))
    throw new Error(`The ERP at ${url.host} must be reached over https`)
  return url.href
}
