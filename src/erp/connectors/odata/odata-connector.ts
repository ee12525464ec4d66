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
import { notInErp } from '../../errors.ts'
import { findEntity } from '../../fields.ts'
import { type CallLimits, standardLimits } from '../http/call-limits.ts'
import { firstToAnswer } from '../http/first-to-answer.ts'
import { createServerGroup, type Server } from '../http/server-group.ts'
import { atFirst, listServers } from '../http/server-urls.ts'
import type { TlsFiles } from '../http/tls-files.ts'
import { type Dialect, dialects } from './dialect.ts'
import { fetchGroups, requireGroupable } from './fetch-groups.ts'
import type { Asking, Pages } from './fetch-pages.ts'
import { fetchRecords, fetchTogether, fieldsIn } from './fetch-records.ts'
import { isDirect, type MappedSet, mappedSets } from './mapped-set.ts'
import { keepNames, type NameTables } from './name-tables.ts'
import { createODataClient, type ODataAccess, SetMissing } from './odata-client.ts'
import { createRecordReader } from './read-records.ts'
import { splitFilter, writeWhere } from './split-filter.ts'
import { writeRecordRequest } from './write-request.ts'

/** `urls`: the primary first, then standbys with the same data and credentials. */
export type ODataConfig = Omit<ODataAccess, 'tokenPath'> & {
  urls: string[]
  /** Where the API is below each address, when it is not where the dialect has it. */
  servicePath?: string | undefined
  tokenPath?: string | undefined
  /** The legal entity of Finance & Operations; absent: the one that the service's user belongs to. */
  company?: string | undefined
  /** SAP's client. */
  sapClient?: string | undefined
  /** The language of translated names, as the ERP calls it. */
  language?: string | undefined
  /** What the servers are known not to do; found out by asking when absent. */
  aggregate?: ErpCapabilities['aggregate'] | undefined
}

/** How long all pages of one fetch may take, names are kept, and a missing $apply is not asked for again. */
type Limits = CallLimits & { pagingMs: number; askAgainMs: number; namesMs: number; pageSize: number | undefined }

type Deps = {
  config: ODataConfig
  catalog: Catalog
  log: Logger
  metrics: Metrics
  now?: () => Date
  limits?: Partial<Limits>
  tls?: TlsFiles
}

const defaultLimits: Limits = {
  ...standardLimits,
  pagingMs: 20_000,
  askAgainMs: 10 * 60_000,
  namesMs: 10 * 60_000,
  pageSize: undefined,
}
const maxNames = 200_000

/** An ERP that speaks OData, in the dialect of its mapping. Throws Error at once for a URL that would carry data in the clear. */
export function createOdataConnector({
  config,
  catalog,
  log,
  metrics,
  now = () => new Date(),
  ...deps
}: Deps): ErpConnector {
  const limits = { ...defaultLimits, ...deps.limits }
  const dialect = dialectOf(catalog)
  const { urls, servicePath = dialect.servicePath ?? '/', tokenPath = dialect.tokenPath } = config
  const servers = listServers(urls, servicePath, limits)
  const scope = config.tokenUrl === undefined ? undefined : dialect.scope?.(new URL(urls[0] ?? '').origin)
  const access = { ...config, tokenPath, tokenScope: config.tokenScope ?? scope }
  const fixed = fixedOf(config, dialect)
  const probe = probeOf(catalog)
  const client = createODataClient({ servers, dialect, access, fixed, probe, limits, metrics, tls: deps.tls, now })
  const erpLog = log.child({ 'event.module': 'erp' })
  const group = createServerGroup({ servers, probe: client.probe, restMs: limits.restMs, log: erpLog, now })
  const scopeOf = (own: Dialect) => companyOf(config, own)
  const names = keepNames({ now, keepMs: limits.namesMs, maxNames, scopeOf })
  const groupable = Object.keys(catalog.mapping.entities).some((entity) => isGroupable(catalog, entity))
  const unsupportedUntil = new Map<string, number>()
  let noDistinctUntil = 0

  function capabilities(): ErpCapabilities {
    const isMissing = config.aggregate === 'none' || !groupable
    const countDistinct = now().getTime() >= noDistinctUntil
    return { aggregate: isMissing ? 'none' : 'server', countDistinct, dateParts: dialect.dateParts }
  }

  /** A server that only cannot count distinct values still sums; one that cannot group a set at all says so again. */
  function noteUnsupported(spec: FetchSpec): void {
    const until = now().getTime() + limits.askAgainMs
    if (spec.kind === 'groups' && spec.aggregates.some(({ fn }) => fn === 'distinct')) noDistinctUntil = until
    else unsupportedUntil.set(spec.entity, until)
  }

  /** What is asked of several servers in turn has one deadline. */
  const openAsking = (server: Server, signal: AbortSignal, endsAt = performance.now() + limits.budgetMs): Asking => ({
    client,
    server,
    limits: { ...limits, endsAt },
    signal,
  })

  async function fetchFrom(asking: Asking, spec: FetchSpec): Promise<Omit<FetchResult, 'source'>> {
    const entity = findEntity(catalog, spec.entity)
    const sets = mappedSets(catalog, spec.entity)
    if (spec.kind === 'groups') requireGroupable(sets, spec)
    else if (sets.length > 1) return fetchTogether((mapped, own) => fetchSet(asking, mapped, own), sets, spec, entity)
    return fetchSet(asking, sets[0], spec)
  }

  async function fetchSet(asking: Asking, mapped: MappedSet, spec: FetchSpec): Promise<Pages> {
    const entity = findEntity(catalog, spec.entity)
    const shown = spec.kind === 'records' ? [...spec.fields, ...spec.orderBy.map(({ by }) => by)] : []
    const fields = [...shown, ...fieldsIn(spec.filter)]
    const where = [...writeWhere(mapped.where, mapped), ...scopeOf(mapped.dialect)]
    const split = ({ tables }: { tables: NameTables }) => splitFilter(spec.filter, { mapped, tables }, where)
    const kept = await names.load(asking, mapped, fields)
    // A name that nobody has may be newer than the names that were kept.
    const isUnknown = kept.calls === 0 && split(kept).isNever
    const { tables, calls } = isUnknown ? await names.load(asking, mapped, fields, true) : kept
    const found = split({ tables })
    if (found.isNever) return { rows: [], count: 0, asOf: now().toISOString(), calls }
    const source = { entity, mapped, tables, split: found }
    const pages = await (spec.kind === 'records'
      ? fetchRecords(asking, source, spec)
      : fetchGroups(asking, source, spec))
    return { ...pages, calls: pages.calls + calls }
  }

  async function fetch(spec: FetchSpec, signal: AbortSignal): Promise<FetchResult> {
    signal.throwIfAborted()
    if (spec.kind === 'groups' && now().getTime() < (unsupportedUntil.get(spec.entity) ?? 0))
      throw new AggregateUnsupported(false)
    const endsAt = performance.now() + limits.budgetMs
    try {
      return await firstToAnswer(group, servers[0], (server) => fetchFrom(openAsking(server, signal, endsAt), spec))
    } catch (error) {
      if (error instanceof AggregateUnsupported && error.isLasting) noteUnsupported(spec)
      if (!(error instanceof SetMissing)) throw error
      // One set or all of them: which it is, and so whether the address is wrong, the log tells.
      erpLog.warn({ 'erp.entity': spec.entity, err: error }, 'The ERP has no such set')
      throw notInErp(findEntity(catalog, spec.entity).label)
    }
  }

  const records = createRecordReader({
    catalog,
    ask: (attempt) => firstToAnswer(group, servers[0], attempt),
    openAsking,
    names,
    scopeOf,
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

function dialectOf({ mapping }: Catalog): Dialect {
  if (mapping.connector !== 'odata') throw new Error(`a mapping for ${mapping.connector}`)
  return dialects[mapping.dialect]
}

/** One record of the first set that is mapped: not every service has a root that answers, or has data when it does. */
function probeOf(catalog: Catalog): { path: string; dialect: Dialect } {
  const [entity] = Object.keys(catalog.mapping.entities)
  if (entity === undefined) return { path: '', dialect: dialectOf(catalog) }
  const [{ set, dialect, key }] = mappedSets(catalog, entity)
  const orderBy = key.map((name): [string, boolean] => [name, false])
  const path = writeRecordRequest({
    set,
    dialect,
    paths: key.map((name) => [name]),
    filter: undefined,
    orderBy,
    top: 1,
  })
  return { path, dialect }
}

/** Whether some groups of an entity could be asked for. */
function isGroupable(catalog: Catalog, entity: string): boolean {
  const [mapped, ...more] = mappedSets(catalog, entity)
  const isOneSet = mapped.lines === undefined && more.length === 0
  return mapped.dialect.apply && isOneSet && Object.keys(mapped.fields).some((field) => isDirect(mapped, field))
}

function fixedOf({ company, sapClient, language }: ODataConfig, dialect: Dialect) {
  const inParam = language !== undefined && dialect.language === 'sap-language'
  const inHeader = language !== undefined && dialect.language === 'accept-language'
  return {
    params: {
      ...(company !== undefined && dialect.name === 'finance-operations' ? { 'cross-company': 'true' } : {}),
      ...(sapClient === undefined ? {} : { 'sap-client': sapClient }),
      ...(inParam ? { 'sap-language': language } : {}),
    },
    headers: inHeader ? { 'accept-language': language } : ({} as Record<string, string>),
  }
}

/** Across companies a condition says which; without one the default company of the service's user answers. */
function companyOf({ company }: ODataConfig, { name }: Dialect): string[] {
  return company !== undefined && name === 'finance-operations'
    ? [`dataAreaId eq '${company.replaceAll("'", "''")}'`]
    : []
}
