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
import { type CallLimits, standardLimits } from '../http/call-limits.ts'
import { firstToAnswer } from '../http/first-to-answer.ts'
import { createServerGroup } from '../http/server-group.ts'
import { atFirst, listServers } from '../http/server-urls.ts'
import type { TlsFiles } from '../http/tls-files.ts'
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

/** How long all pages of one fetch may take, how often a missing $apply is asked for again, records a page. */
type Limits = CallLimits & { pagingMs: number; askAgainMs: number; pageSize: number }

type Deps = {
  config: ODataConfig
  catalog: Catalog
  log: Logger
  metrics: Metrics
  now?: () => Date
  limits?: Partial<Limits>
  tls?: TlsFiles
}

const defaultLimits: Limits = { ...standardLimits, pagingMs: 20_000, askAgainMs: 10 * 60_000, pageSize: 5_000 }

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
  const servers = listServers(urls, servicePath, limits)
  const access = { ...config, tokenPath }
  const client = createODataClient({
    servers,
    access,
    limits,
    metrics,
    tls: deps.tls,
    probeSet: firstSet(catalog),
    now,
  })
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

  async function close(): Promise<void> {
    group.close()
    await client.close()
  }

  const probes = {
    signIn: () => atFirst(servers, client.authorize),
    call: () => atFirst(servers, client.probe),
  }

  return { capabilities, fetch, records, probes, status: group.status, close }
}

function firstSet({ mapping }: Catalog): string | undefined {
  return mapping.connector === 'odata' ? Object.values(mapping.entities)[0]?.set : undefined
}
