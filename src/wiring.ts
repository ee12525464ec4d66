import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AuditLog, type AuditTrail, createAuditLog, createAuditTrail } from '#audit'
import {
  type Auth,
  type AuthDeps,
  createAuth,
  createKeyRotation,
  createPostgresActorNames,
  createPostgresApiKeyStore,
  createPostgresNetworkStore,
  createPostgresSigningKeyStore,
  createPostgresTokenStore,
  createPostgresUserStore,
  type KeyRotation,
  loadAccessRules,
  rotationTimes,
} from '#auth'
import { type Catalog, loadCatalog } from '#catalog'
import { type Chat, createChat, createPostgresConversationStore } from '#chat'
import {
  AccessMissing,
  createConnectionTest,
  createConnector,
  createErp,
  type Erp,
  type ErpConnector,
  type TestConnection,
} from '#erp'
import { connectUnderstanding, createPostgresNameStore, type NameStore, type UnderstandingClient } from '#nlu'
import { type CertificateFiles, watchCertificateFiles } from '#platform/certificate-files'
import { type Database, migrateDatabase, openDatabase } from '#platform/database'
import { createFieldCipher } from '#platform/encryption'
import type { Logger } from '#platform/log'
import { createMetrics, type Metrics } from '#platform/metrics'
import type { RateCounters } from '#platform/rate-counters'
import { createMemoryRateCounters } from '#platform/rate-counters.memory'
import { type Copy, checkSchedule, createCopy, createCopyConnector } from '#sync'
import { type Logs, watchProcess } from '#telemetry'
import { type Config, ConfigError, erpVariable } from './config.ts'
import { openKeyService } from './wiring-keys.ts'
import { openTelemetry } from './wiring-telemetry.ts'

/** Everything a process may need, opened once. Roles take from it what they listen with. */
export type App = AsyncDisposable & {
  config: Config
  publicUrl: string
  log: Logger
  logs: Logs
  metrics: Metrics
  database: Database
  catalog: Catalog
  audit: AuditLog
  auditTrail: AuditTrail
  /** What limits are counted with. */
  counters: RateCounters
  auth: Auth
  signingKeys: KeyRotation
  erp: Erp
  copy: Copy
  testConnection: TestConnection
  names: NameStore
  /** Certificates of a listener or a client, watched until the app is closed; undefined where none are configured. */
  watchCertificates(name: 'http' | 'nlu'): CertificateFiles | undefined
  /** A client of the understanding servers; the caller closes it. */
  connectUnderstanding(addresses: string[]): UnderstandingClient
  openChat(nlu: UnderstandingClient): Chat
}

/**
 * The composition root: the only place that picks adapters. Brings the database's schema up to date. Throws when the
 * catalog or the access rules have a fault, or the database cannot be reached; ConfigError when the connector that the mapping
 * names has no credentials.
 */
export async function wire(config: Config): Promise<App> {
  const resources = new AsyncDisposableStack()
  const metrics = createMetrics()
  const logs = resources.use(await openTelemetry(config, metrics))
  const log = logs.app
  const scheme = config.http.tls ? 'https' : 'http'
  const publicUrl = config.http.publicUrl ?? `${scheme}://${config.http.host}:${config.http.port}`
  const catalog = loadCatalog(config.catalog.folder, config.catalog.mapping)
  const rules = loadAccessRules(config.accessFile, catalog)
  // Before anything is opened: what is missing here is for the operator to add.
  checkSync(config)
  const { connector, testConnection } = connectErp(config, { catalog, log, metrics })
  const database = resources.use(openDatabase({ url: config.database.url, log }))
  resources.use(watchProcess({ log: logs.system, database, roles: config.roles }))
  const keys = openKeyService(config)
  const cipher = createFieldCipher(keys)
  const audit = createAuditLog(database, log, cipher)
  const actorNames = createPostgresActorNames(database)
  const auditTrail = createAuditTrail({ database, cipher, audit, names: actorNames, log, metrics })
  const counters = createMemoryRateCounters()
  const auth = openAuth(config, { publicUrl, rules, catalog, counters, cipher, audit, log, metrics, database })
  const signingKeys = createKeyRotation({
    ...{ store: createPostgresSigningKeyStore(database), cipher, audit, log },
    times: rotationTimes(config.signingKeyDays),
  })
  const copy = createCopy({ database, catalog, log })
  const erp = createErp({ connector, copy: createCopyConnector({ database, catalog }), catalog, log, metrics })
  resources.defer(() => erp.close())
  const names = createPostgresNameStore(database)
  const watchCertificates = (name: 'http' | 'nlu') => {
    const paths = config[name].tls
    const files = paths && watchCertificateFiles({ name, ...paths, log, metrics })
    if (files) resources.defer(() => files.close())
    return files
  }
  try {
    // A key file that cannot be used shows now, not at the first question.
    await keys.generateDataKey({ purpose: 'start' })
    const ran = await migrateDatabase(database, join(import.meta.dirname, '../migrations'))
    if (ran.length > 0) log.info({ migrations: ran }, 'The database schema was brought up to date')
    await copy.prepare()
  } catch (error) {
    await resources.disposeAsync()
    throw error
  }
  return {
    config,
    publicUrl,
    log,
    logs,
    metrics,
    database,
    catalog,
    audit,
    auditTrail,
    counters,
    auth,
    signingKeys,
    erp,
    copy,
    testConnection,
    names,
    watchCertificates,
    connectUnderstanding: (addresses) =>
      connectUnderstanding(addresses, { log, metrics, tls: watchCertificates('nlu') }),
    openChat: ({ understand }) =>
      createChat({
        understand,
        answerQuery: erp.answerQuery,
        auth,
        catalog,
        conversations: createPostgresConversationStore({ database, cipher }),
        audit,
        log,
        metrics,
      }),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

type AuthParts = Omit<
  AuthDeps,
  'provider' | 'tokens' | 'users' | 'signingKeys' | 'apiKeys' | 'networks' | 'failureLimits'
>

function openAuth({ oidc, limits }: Config, { database, ...parts }: AuthParts & Pick<App, 'database'>): Auth {
  return createAuth({
    ...parts,
    provider: oidc,
    tokens: createPostgresTokenStore(database),
    users: createPostgresUserStore(database),
    signingKeys: createPostgresSigningKeyStore(database),
    apiKeys: createPostgresApiKeyStore(database),
    networks: createPostgresNetworkStore(database),
    failureLimits: limits.failures,
  })
}

function connectErp(
  { erp, erpConnection, catalog: { mapping } }: Config,
  deps: Pick<App, 'catalog' | 'log' | 'metrics'>,
): { connector: ErpConnector; testConnection: TestConnection } {
  const { caFile, clientCertFile, clientKeyFile, concurrency } = erpConnection
  const tls = {
    ca: readPem('ERP_CA_FILE', caFile),
    cert: readPem('ERP_CLIENT_CERT_FILE', clientCertFile),
    key: readPem('ERP_CLIENT_KEY_FILE', clientKeyFile),
  }
  try {
    const limits = concurrency ? { limits: { concurrent: concurrency } } : {}
    const connector = createConnector({ access: erp, tls, ...limits, ...deps })
    return { connector, testConnection: createConnectionTest({ access: erp, tls, ...deps }) }
  } catch (error) {
    if (!(error instanceof AccessMissing)) throw error
    const sets = error.missing.map((keys) => keys.map(erpVariable).join(' and ')).join(', or ')
    throw new ConfigError(`Configuration:\n  ${sets}: needed by the connector of the mapping '${mapping}'`)
  }
}

function readPem(variable: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  try {
    const text = readFileSync(file, 'utf8')
    if (text.includes('-----BEGIN ')) return text
  } catch {
    throw new ConfigError(`Configuration:\n  ${variable}: ${file} cannot be read`)
  }
  throw new ConfigError(`Configuration:\n  ${variable}: ${file} is not a PEM file`)
}

function checkSync({ sync }: Config): void {
  try {
    checkSchedule(sync)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigError(`Configuration:\n  SYNC_CRON, SYNC_TIME_ZONE: ${reason}`)
  }
}
