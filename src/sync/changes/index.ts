import type { Catalog, ChangesMapping } from '#catalog'
import type { RecordReader } from '#erp'
import type { NameStore } from '#nlu'
import type { Database } from '#platform/database'
import { createPostgresTurns } from '#platform/exclusive-work.postgres'
import type { HttpServer } from '#platform/http-server'
import type { Logger } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import type { Copy } from '../copy/copy.ts'
import { type Applier, type ChangeListener, createApplier, type EntityListener } from './apply-batch.ts'
import { createDebeziumSource } from './change-source.debezium.ts'
import { createPollingSource } from './change-source.polling.ts'
import { createPostgresChangeSource } from './change-source.postgres.ts'
import type { ChangeSource } from './change-source.ts'
import { registerChangeEvents } from './debezium/routes.ts'
import { createFeedMetrics, type FeedMetrics } from './feed-metrics.ts'
import { followChanges } from './follow-changes.ts'
import { createPostgresHeldRows } from './held-rows.postgres.ts'
import { type Following, keepFollowing } from './keep-following.ts'
import { createPlacement } from './place-changes.ts'
import { createNameUpdate } from './update-names.ts'

const followLock = 7_146_201_140

export type ChangesDeps = {
  source: ChangeSource
  catalog: Catalog
  database: Database
  copy: Copy
  records: RecordReader | undefined
  names: Pick<NameStore, 'change'>
  /** Beside the names: who else wants to hear of what changed in the copy. */
  listeners?: readonly ChangeListener[]
  /** Hears of every entity that has changed, whether or not the copy could take it. */
  onTouched?: EntityListener
  metrics: Metrics
  log: Logger
}

type ChangesStatus = {
  source: string
  /** `standby`: another replica follows. */
  state: 'following' | 'standby' | 'idle'
  lagSeconds?: number
  problems: string[]
}

export type ChangesFollowing = Following & { status(): ChangesStatus }

/**
 * Follows a source into the copy and the names from now on, one replica at a time; of a source that is sent to us, every replica what
 * comes to it. Closes the source with itself.
 */
export function startFollowing(deps: ChangesDeps, isSent = false): ChangesFollowing {
  const { source, catalog, copy } = deps
  const log = deps.log.child({ 'event.module': 'sync', 'sync.source': source.name })
  const metrics = createFeedMetrics(deps.metrics)
  const applier = createApplierOf({ ...deps, isSent }, log, metrics)
  const following = keepFollowing({
    follow: (signal) => followChanges({ source, catalog, copy, apply: applier.apply, metrics, log }, signal),
    runExclusively: isSent ? (work) => work().then(() => true) : createPostgresTurns(deps.database, followLock),
    onFailure: () => metrics.failed(source.name),
    log,
  })
  metrics.watchLag(source.name, () => (following.isOurs() ? source.status().lagSeconds : undefined))
  const close = async () => {
    await following.close()
    await source.close()
  }
  return {
    isOurs: following.isOurs,
    status() {
      const { state, lagSeconds, problems } = source.status()
      return {
        source: source.name,
        state: following.isOurs() ? state : 'standby',
        ...(lagSeconds === undefined ? {} : { lagSeconds }),
        problems: [...problems, ...applier.problems()],
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function createApplierOf(deps: ChangesDeps & { isSent: boolean }, log: Logger, metrics: FeedMetrics): Applier {
  const { source, catalog, copy, records, names } = deps
  const { readHeld, findUnheld } = createPostgresHeldRows(deps.database)
  return createApplier({
    source: source.name,
    catalog,
    copy,
    place: createPlacement({ catalog, records, readHeld, isStrict: deps.isSent }),
    listeners: [createNameUpdate({ catalog, names, findUnheld }), ...(deps.listeners ?? [])],
    onTouched: deps.onTouched,
    metrics,
    log,
  })
}

type SourceDeps = Pick<ChangesDeps, 'catalog' | 'records' | 'log'> & { url: string | undefined; slot: string }

/** The source that the mapping names, as far as a worker can go and look there; undefined when there is none, or no way to it. */
export function openChangeSource({ catalog, records, log, url, slot }: SourceDeps): ChangeSource | undefined {
  const { changes } = catalog.mapping
  if (changes?.source === 'polling') return openPolling(changes, records, log)
  if (changes?.source !== 'postgres') return undefined
  if (url !== undefined) return createPostgresChangeSource({ url, slot, tables: changedTables(catalog), log })
  log.warn('Changes of the ERP are not followed: CHANGES_URL is not set')
  return undefined
}

type Polling = Extract<ChangesMapping, { source: 'polling' }>

function openPolling(changes: Polling, records: RecordReader | undefined, log: Logger): ChangeSource | undefined {
  const { entities, everySeconds, overlapSeconds } = changes
  const readModified = records?.readModified
  if (readModified)
    return createPollingSource({
      records: { readModified },
      entities,
      everyMs: everySeconds * 1000,
      overlapMs: overlapSeconds * 1000,
      log,
    })
  log.warn('Changes of the ERP are not followed: its connector cannot tell what was modified')
  return undefined
}

type ReceiveDeps = Omit<ChangesDeps, 'source'> & { secret: string | undefined }

/** Takes in the events of a Debezium server at this server's API, where the mapping says so; undefined where it doesn't. */
export function receiveChanges(server: HttpServer, { secret, ...deps }: ReceiveDeps): ChangesFollowing | undefined {
  if (deps.catalog.mapping.changes?.source !== 'debezium') return undefined
  if (secret === undefined) {
    deps.log.warn('Events of changes are not taken in: CHANGES_SECRET is not set')
    return undefined
  }
  const readPosition = async (source: string) => (await deps.copy.readPosition(source))?.position
  const { source, accept } = createDebeziumSource({ readPosition, tables: changedTables(deps.catalog) })
  registerChangeEvents(server, { secret, accept })
  return startFollowing({ ...deps, source }, true)
}

/** The tables whose changes mean something to the mapping. */
export function changedTables({ mapping: { changes } }: Catalog): string[] {
  return changes && changes.source !== 'polling' ? Object.keys(changes.tables) : []
}
