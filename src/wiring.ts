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
  createPostgresPeopleStore,
  createPostgresSigningKeyStore,
  createPostgresTokenStore,
  createPostgresUserStore,
  createRedisTokenStore,
  type KeyRotation,
  loadAccessRules,
  rotationTimes,
  type TokenStore,
} from '#auth'
import { type Catalog, loadCatalog } from '#catalog'
import { type Chat, createChat, createPostgresConversationStore } from '#chat'
import { createErp, type Erp, type TestConnection } from '#erp'
import { connectUnderstanding, createPostgresNameStore, type NameStore, type UnderstandingClient } from '#nlu'
import { createNotify, createPush, emailQueue, type Notify, type Push, pushQueues } from '#notify'
import { type CertificateFiles, watchCertificateFiles } from '#platform/certificate-files'
import { countLookups } from '#platform/count-lookups'
import { type Database, migrateDatabase, openDatabase } from '#platform/database'
import { createFieldCipher } from '#platform/encryption'
import type { Logger } from '#platform/log'
import { measureDisks } from '#platform/measure-disks'
import { createMetrics, type Metrics } from '#platform/metrics'
import { createPostgresQueue, createRabbitmqQueue, type MessageQueue, type Queue } from '#platform/queue'
import type { RateCounters } from '#platform/rate-counters'
import { createMemoryRateCounters } from '#platform/rate-counters.memory'
import { createRedisRateCounters } from '#platform/rate-counters.redis'
import { openRedis } from '#platform/redis'
import { dueQueue, type Subscriptions } from '#subscriptions'
import { type Copy, checkSchedule, createCopy, createCopyConnector } from '#sync'
import type { Logs } from '#telemetry'
import { type TrainingParts, trainingQueues } from '#training'
import { type Config, ConfigError } from './config.ts'
import { readPem } from './read-pem.ts'
import { openKeyService } from './wiring-keys.ts'
import { connectErp, openMailer, readFcmAccess } from './wiring-links.ts'
import { openSubscriptions } from './wiring-subscriptions.ts'
import { openTelemetry } from './wiring-telemetry.ts'
import { openTrainingParts } from './wiring-training.ts'

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
  /** Rejects while Redis does not answer; undefined where none is configured. */
  checkRedis: (() => Promise<void>) | undefined
  /** Rejects while the key service does not answer. */
  checkKeys: () => Promise<void>
  auth: Auth
  signingKeys: KeyRotation
  erp: Erp
  copy: Copy
  testConnection: TestConnection
  names: NameStore
  /** Certificates of a listener or a client, watched until the app is closed; undefined where none are configured. */
  watchCertificates(name: 'http' | 'nlu'): CertificateFiles | undefined
  queue: MessageQueue
  notify: Notify
  push: Push
  training: TrainingParts
  subscriptions: Subscriptions
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
  measureDisks(metrics, config.metrics.folders)
  const scheme = config.http.tls ? 'https' : 'http'
  const publicUrl = config.http.publicUrl ?? `${scheme}://${config.http.host}:${config.http.port}`
  const catalog = loadCatalog(config.catalog.folder, config.catalog.mapping)
  const rules = loadAccessRules(config.accessFile, catalog)
  // Before anything is opened: what is missing here is for the operator to add.
  checkSync(config)
  const mailer = openMailer(config)
  const fcm = readFcmAccess(config)
  const { connector, testConnection } = connectErp(config, { catalog, log, metrics })
  const database = resources.use(openDatabase({ url: config.database.url, log, metrics }))
  const keys = openKeyService(config)
  const cipher = createFieldCipher(keys, {}, countLookups(metrics, 'data-key'))
  const audit = createAuditLog(database, log, cipher, metrics)
  const actorNames = createPostgresActorNames(database)
  const auditTrail = createAuditTrail({ database, cipher, audit, names: actorNames, log, metrics })
  const { tokens, counters, checkRedis } = openSharedState(config, { database, log, resources })
  const auth = openAuth(config, { publicUrl, rules, catalog, tokens, counters, cipher, audit, log, metrics, database })
  const signingKeys = createKeyRotation({
    ...{ store: createPostgresSigningKeyStore(database), cipher, audit, log },
    times: rotationTimes(config.signingKeyDays),
    bits: config.signingKeyBits,
  })
  const copy = createCopy({ database, catalog, log })
  const erp = createErp({ connector, copy: createCopyConnector({ database, catalog }), catalog, log, metrics })
  resources.defer(() => erp.close())
  const names = createPostgresNameStore(database)
  const watchCertificates = createCertificateWatch(config, { log, metrics, resources })
  let queue: MessageQueue
  try {
    // A key file that cannot be used shows now, not at the first question.
    await keys.generateDataKey({ purpose: 'start' })
    const ran = await migrateDatabase(database, join(import.meta.dirname, '../migrations'))
    if (ran.length > 0) log.info({ migrations: ran }, 'The database schema was brought up to date')
    await copy.prepare()
    queue = resources.use(await openQueue(config, { database, log, metrics }))
  } catch (error) {
    await resources.disposeAsync()
    throw error
  }
  if (mailer) resources.use(mailer)
  const { templatesDir } = config.mail
  const { findActive: findPeople } = createPostgresUserStore(database)
  const push = createPush({ database, queue, cipher, audit, names: actorNames, findPeople, fcm, log, metrics })
  const notify = createNotify({ database, queue, cipher, audit, mailer, templatesDir, log, metrics })
  const subscriptions = openSubscriptions({
    ...{ database, queue, catalog, audit, publicUrl, log, metrics, auth, erp, notify, push },
    ...{ cipher, hasMail: mailer !== undefined },
  })
  return {
    ...{ config, publicUrl, log, logs, metrics, database, catalog },
    ...{ audit, auditTrail, counters, checkRedis },
    checkKeys: async () => void (await keys.generateDataKey({ purpose: 'status' })),
    ...{ auth, signingKeys, erp, copy, testConnection },
    ...{ names, queue, notify, push, subscriptions },
    training: openTrainingParts({
      ...{ database, cipher, audit, catalog, names, log, metrics, auth, notify, push, publicUrl, config },
      ...{ keeperRoles: rules.permissions.training, hasMail: mailer !== undefined, hasPush: fcm !== undefined },
    }),
    watchCertificates,
    connectUnderstanding: (addresses) =>
      connectUnderstanding(addresses, { log, metrics, tls: watchCertificates('nlu') }),
    openChat: ({ understand }) =>
      createChat({
        understand,
        answerQuery: erp.answerQuery,
        auth,
        catalog,
        orders: subscriptions.orders,
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
  | 'provider'
  | 'users'
  | 'people'
  | 'signingKeys'
  | 'apiKeys'
  | 'networks'
  | 'failureLimits'
  | 'idleHours'
  | 'signingKeyBits'
>

function openAuth(config: Config, { database, ...parts }: AuthParts & Pick<App, 'database'>): Auth {
  return createAuth({
    ...parts,
    provider: config.oidc,
    users: createPostgresUserStore(database),
    people: createPostgresPeopleStore(database, parts.cipher),
    signingKeys: createPostgresSigningKeyStore(database),
    apiKeys: createPostgresApiKeyStore(database),
    networks: createPostgresNetworkStore(database),
    failureLimits: config.limits.failures,
    idleHours: config.sessionIdleHours,
    signingKeyBits: config.signingKeyBits,
  })
}

/** Each pair of files is watched once, however many listeners show it. */
function createCertificateWatch(
  config: Config,
  { resources, ...deps }: Pick<App, 'log' | 'metrics'> & { resources: AsyncDisposableStack },
): App['watchCertificates'] {
  const watched = new Map<string, CertificateFiles>()
  return (name) => {
    const paths = config[name].tls
    const known = watched.get(name)
    if (known || !paths) return known
    const files = watchCertificateFiles({ name, ...paths, ...deps })
    watched.set(name, files)
    resources.defer(() => files.close())
    return files
  }
}

/** What replicas share: in Redis when there is one; else sessions are in the database, and each process counts by itself. */
function openSharedState(
  { redis: place }: Config,
  { database, log, resources }: Pick<App, 'database' | 'log'> & { resources: AsyncDisposableStack },
): Pick<App, 'counters' | 'checkRedis'> & { tokens: TokenStore } {
  if (!place)
    return { tokens: createPostgresTokenStore(database), counters: createMemoryRateCounters(), checkRedis: undefined }
  const redis = openRedis({ ...place, ca: readPem('REDIS_CA_FILE', place.caFile) }, log)
  resources.defer(() => redis.disconnect())
  const checkRedis = async () => void (await redis.ping())
  return { tokens: createRedisTokenStore({ redis }), counters: createRedisRateCounters({ redis, log }), checkRedis }
}

/** Every queue of the product, whoever consumes it: producers are in every role. */
const queues = [emailQueue as Queue, dueQueue as Queue, ...pushQueues, ...trainingQueues]

async function openQueue(
  { queue: { url, caFile } }: Config,
  deps: Pick<App, 'database' | 'log' | 'metrics'>,
): Promise<MessageQueue> {
  if (url === undefined) return await createPostgresQueue({ ...deps, queues })
  return await createRabbitmqQueue({ ...deps, queues, url, ca: readPem('QUEUE_CA_FILE', caFile) })
}

function checkSync({ sync }: Config): void {
  try {
    checkSchedule(sync)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigError(`Configuration:\n  SYNC_CRON, SYNC_TIME_ZONE: ${reason}`)
  }
}
