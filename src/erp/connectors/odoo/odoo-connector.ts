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
import { erpErrors, notInErp } from '../../errors.ts'
import { findEntity } from '../../fields.ts'
import { recordFields } from '../../record-reader.ts'
import { type CallLimits, standardLimits } from '../http/call-limits.ts'
import { firstToAnswer } from '../http/first-to-answer.ts'
import { RetryableReply } from '../http/retry-call.ts'
import { createServerGroup, type Server } from '../http/server-group.ts'
import { atFirst, listServers } from '../http/server-urls.ts'
import type { TlsFiles } from '../http/tls-files.ts'
import { keepDescriptions } from './describe-model.ts'
import { fetchGroups } from './fetch-groups.ts'
import { fetchRecords } from './fetch-records.ts'
import { createOdooClient, type ProxyAccess } from './odoo-client.ts'
import { ModelMissing } from './odoo-errors.ts'
import { mappedEntity } from './odoo-field.ts'
import { type OdooSession, openSession, type SessionLimits } from './odoo-session.ts'
import { createRecordReader } from './read-records.ts'

/** `urls`: the primary first, then standbys with the same data and keys. */
export type OdooConfig = {
  urls: string[]
  apiKey: string
  database?: string
  /** A language that the database has, `ko_KR`: that of translated names. Absent: the source language. */
  language?: string
  /** Where a day begins. */
  timeZone?: string
  /** Where people sign in to a proxy in front of Odoo, too. */
  proxy?: ProxyAccess
}

/** How long a description of a model is good, and a missing method is not asked for again. */
type Limits = CallLimits & SessionLimits & { describedMs: number; askAgainMs: number }

type Deps = {
  config: OdooConfig
  catalog: Catalog
  log: Logger
  metrics: Metrics
  now?: () => Date
  limits?: Partial<Limits>
  tls?: TlsFiles
}

const defaultLimits: Limits = {
  ...standardLimits,
  pageSize: 2_000,
  pagingMs: 20_000,
  describedMs: 10 * 60_000,
  askAgainMs: 10 * 60_000,
}

/** An Odoo 19 that is asked by its JSON-2 API. Throws Error at once for an address that would carry data in the clear. */
export function createOdooConnector({
  config,
  catalog,
  log,
  metrics,
  now = () => new Date(),
  ...deps
}: Deps): ErpConnector {
  const limits = { ...defaultLimits, ...deps.limits }
  const { timeZone = 'Asia/Seoul', language } = config
  const servers = listServers(config.urls, '/json/2/', limits)
  const context = { tz: timeZone, ...(language ? { lang: language } : {}) }
  const client = createOdooClient({ servers, access: config, context, limits, metrics, tls: deps.tls, now })
  const group = createServerGroup({
    servers,
    probe: client.probe,
    restMs: limits.restMs,
    log: log.child({ 'event.module': 'erp' }),
    now,
  })
  const descriptions = keepDescriptions({ now, keepMs: limits.describedMs })
  let unsupportedUntil = 0

  function capabilities(): ErpCapabilities {
    const isMissing = now().getTime() < unsupportedUntil
    return { aggregate: isMissing ? 'none' : 'server', countDistinct: true, dateParts: ['year', 'month'] }
  }

  /** Works at one server, in a session of its own, and tells what its errors mean. */
  async function workAt<T>(
    { server, name }: { server: Server; name: string },
    work: (session: OdooSession) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const entity = findEntity(catalog, name)
    const mapped = mappedEntity(catalog, name)
    const session = openSession({ client, server, entity, mapped, timeZone, descriptions, limits }, signal)
    try {
      return await work(session)
    } catch (error) {
      if (error instanceof AggregateUnsupported && error.isLasting)
        unsupportedUntil = now().getTime() + limits.askAgainMs
      // What a model was said to be may be what was wrong.
      if (error instanceof AppError && error.spec === erpErrors.badReply) descriptions.forget()
      if (error instanceof ModelMissing) throw notInErp(entity.label)
      if (error instanceof RetryableReply) throw new AppError(erpErrors.badReply, { cause: error })
      throw error
    }
  }

  const fetchIn = (session: OdooSession, spec: FetchSpec): Promise<Omit<FetchResult, 'source'>> =>
    spec.kind === 'records' ? fetchRecords(session, spec) : fetchGroups(session, spec)

  const records = createRecordReader({
    fieldsOf: (name) => {
      const mapped = mappedEntity(catalog, name)
      // What is worked out of another field is not stored.
      return recordFields(catalog, name).filter((field) => Object.hasOwn(mapped.fields, field))
    },
    ask: (name, signal, work) => firstToAnswer(group, servers[0], (server) => workAt({ server, name }, work, signal)),
  })

  return {
    capabilities,
    fetch: (spec, signal) =>
      firstToAnswer(group, servers[0], (server) =>
        workAt({ server, name: spec.entity }, (session) => fetchIn(session, spec), signal),
      ),
    records,
    probes: {
      ...(config.proxy ? { signIn: () => atFirst(servers, client.authorize) } : {}),
      call: () => atFirst(servers, client.probe),
    },
    status: group.status,
    close: async () => {
      group.close()
      await client.close()
    },
  }
}
