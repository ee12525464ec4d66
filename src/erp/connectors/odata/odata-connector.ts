import type { Catalog } from '#catalog'
import type { Logger } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import {
  AggregateUnsupported,
  type ErpCapabilities,
  type ErpConnector,
  type FetchResult,
  type FetchSpec,
} from '../../erp-connector.ts'
import { findEntity } from '../../fields.ts'
import { firstToAnswer } from '../http/first-to-answer.ts'
import type { CallLimits } from '../http/http-client.ts'
import { createServerGroup } from '../http/server-group.ts'
import { listServers } from '../http/server-urls.ts'
import { fetchPages } from './fetch-pages.ts'
import { createODataClient } from './odata-client.ts'
import { keepPropertyTypes } from './property-types.ts'
import { createPageReader } from './read-page.ts'
import { createRecordReader } from './read-records.ts'
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

/** How long a lost server rests, how long all pages of one fetch may take, how often a missing $apply is asked for again, records a page. */
type Limits = CallLimits & { restMs: number; pagingMs: number; askAgainMs: number; pageSize: number }

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
  pageSize: 5_000,
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
  const servers = listServers(urls, servicePath)
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
    try {
      return await firstToAnswer(group, servers[0], (server) =>
        fetchPages({ client, server, read }, request, pageLimits, signal),
      )
    } catch (error) {
      if (error instanceof AggregateUnsupported && error.isLasting) noteUnsupported(spec)
      throw error
    }
  }

  const records = createRecordReader({
    catalog,
    client,
    ask: (attempt) => firstToAnswer(group, servers[0], attempt),
    typesOf: keepPropertyTypes((server, signal) =>
      client.getMetadata(server, performance.now() + limits.budgetMs, signal),
    ),
    pageSize: limits.pageSize,
    budgetMs: limits.budgetMs,
  })

  return { capabilities, fetch, records, status: group.status, close: client.close }
}
