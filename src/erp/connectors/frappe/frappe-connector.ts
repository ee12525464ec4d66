import type { Catalog } from '#catalog'
import { AppError } from '#platform/errors'
import type { Logger } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import type { ErpCapabilities, ErpConnector, FetchResult, FetchSpec } from '../../erp-connector.ts'
import { findEntity } from '../../fields.ts'
import { type CallLimits, standardLimits } from '../http/call-limits.ts'
import { firstToAnswer } from '../http/first-to-answer.ts'
import { ServerLost } from '../http/retry-call.ts'
import { createServerGroup, type Server } from '../http/server-group.ts'
import { atFirst, listServers } from '../http/server-urls.ts'
import type { TlsFiles } from '../http/tls-files.ts'
import { mostInPage } from '../keyset-reader.ts'
import { type AskingLimits, openAsking } from './asking.ts'
import { createDialects } from './dialect.ts'
import { fetchGroups } from './fetch-groups.ts'
import { fetchRecords } from './fetch-records.ts'
import { createFrappeClient, type FrappeAccess } from './frappe-client.ts'
import { mappedDocument } from './locate-field.ts'
import { createRecordReader } from './read-records.ts'

/** `urls`: the primary first, then standbys with the same data and credentials. */
export type FrappeConfig = {
  urls: string[]
  access: FrappeAccess
  /** The time zone of the site. */
  timeZone?: string
}

type Limits = CallLimits & AskingLimits

type Deps = {
  config: FrappeConfig
  catalog: Catalog
  log: Logger
  metrics: Metrics
  now?: () => Date
  limits?: Partial<Limits>
  tls?: TlsFiles
}

const defaultLimits: Limits = { ...standardLimits, pagingMs: 20_000, pageSize: 5_000 }

/** An ERP on Frappe 15 or 16, such as ERPNext, by its REST API. Throws Error at once for a URL that would carry data in the clear. */
export function createFrappeConnector({
  config,
  catalog,
  log,
  metrics,
  now = () => new Date(),
  ...deps
}: Deps): ErpConnector {
  const limits = { ...defaultLimits, ...deps.limits }
  const servers = listServers(config.urls, '/', limits)
  const client = createFrappeClient({ servers, access: config.access, limits, metrics, tls: deps.tls, now })
  const erpLog = log.child({ 'event.module': 'erp' })
  const group = createServerGroup({ servers, probe: client.probe, restMs: limits.restMs, log: erpLog, now })
  const dialects = createDialects(readMajor)

  /** Not every user may ask for versions; then the first refusal tells. What is wrong beyond that shows at the call itself. */
  async function readMajor(server: Server): Promise<number | undefined> {
    try {
      const endsAt = performance.now() + limits.budgetMs
      return await client.getMajorVersion(server, endsAt, AbortSignal.timeout(limits.budgetMs))
    } catch (error) {
      if (error instanceof ServerLost || error instanceof AppError) throw error
      return undefined
    }
  }

  function capabilities(): ErpCapabilities {
    // Dates are cut by days, which every version can, until a server is known to cut them by months.
    return {
      aggregate: 'server',
      countDistinct: false,
      dateParts: dialects.allSpeak('object') ? ['year', 'month'] : [],
    }
  }

  async function fetch(spec: FetchSpec, signal: AbortSignal): Promise<FetchResult> {
    signal.throwIfAborted()
    const entity = findEntity(catalog, spec.entity)
    const mapped = mappedDocument(catalog, spec.entity)
    return firstToAnswer(group, servers[0], async (server) => {
      const asking = openAsking({ client, dialects, server, limits, signal }, mapped, entity.label)
      const source = { asking, entity, mapped, pageSize: limits.pageSize }
      const found = spec.kind === 'groups' ? await fetchGroups(source, spec) : await fetchRecords(source, spec)
      return { ...found, ...asking.told() }
    })
  }

  const records = createRecordReader({
    catalog,
    ask: (attempt) => firstToAnswer(group, servers[0], attempt),
    openAsking: (server, name, signal) =>
      openAsking(
        { client, dialects, server, limits, signal },
        mappedDocument(catalog, name),
        findEntity(catalog, name).label,
      ),
    pageSize: Math.min(limits.pageSize, mostInPage),
    timeZone: config.timeZone ?? 'Asia/Seoul',
  })

  async function close(): Promise<void> {
    group.close()
    await client.close()
  }

  const probes = {
    ...('apiKey' in config.access ? {} : { signIn: () => atFirst(servers, client.authorize) }),
    call: () => atFirst(servers, client.probe),
  }

  return { capabilities, fetch, records, probes, status: group.status, close }
}
