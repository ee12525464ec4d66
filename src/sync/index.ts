import { type Catalog, isHeld } from '#catalog'
import type { RecordReader } from '#erp'
import type { Database } from '#platform/database'
import { createPostgresTurns } from '#platform/exclusive-work.postgres'
import type { HttpServer } from '#platform/http-server'
import type { Logger } from '#platform/log'
import type { Copy } from './copy/copy.ts'
import { findWork } from './full/find-work.ts'
import { type FullSync, followSchedule } from './full/follow-schedule.ts'
import { runFullSync } from './full/run-full-sync.ts'
import { createPostgresRunStore } from './full/run-store.postgres.ts'
import type { SyncSchedule } from './full/schedule.ts'
import type { FullSyncPace } from './full/sync-entity.ts'
import { type NameRefresh, repeatRefresh } from './names/name-refresh.ts'
import { type RefreshDeps, refreshNames } from './names/refresh-names.ts'
import { type RouteDeps, registerSyncRoutes } from './routes.ts'
import { reportSource } from './status/report-source.ts'
import { createPostgresSourceStatus } from './status/source-status.postgres.ts'
import type { SourceStatus } from './status/source-status.ts'

export type { ConnectionReportBody, RunBody, SyncStatus } from './api.ts'
export { type ChangesFollowing, openChangeSource, receiveChanges, startFollowing } from './changes/index.ts'
export type {
  AppliedChange,
  Copy,
  CopyEntityState,
  Difference,
  FillReport,
  Position,
  RecordChange,
} from './copy/copy.ts'
export { createCopyConnector } from './copy/copy-connector.ts'
export { createCopy } from './copy/create-copy.ts'
export { checkSchedule, type SyncSchedule } from './full/schedule.ts'
export type { FullSyncPace } from './full/sync-entity.ts'
export { measureCopy } from './measure-copy.ts'

const refreshLock = 7_146_201_125
const fullSyncLock = 7_146_201_127

/** Keeps the names fresh from now on, every minute unless told; of several replicas one does at a time. */
export function startNameRefresh(deps: RefreshDeps & { database: Database; everyMs?: number }): NameRefresh {
  const log = deps.log.child({ 'event.module': 'sync' })
  return repeatRefresh({
    refresh: (signal) => refreshNames({ ...deps, log }, signal),
    runExclusively: createPostgresTurns(deps.database, refreshLock),
    log,
    everyMs: deps.everyMs ?? 60_000,
  })
}

type AdminDeps = Pick<RouteDeps, 'erp' | 'testConnection' | 'audit' | 'actorOf' | 'copy' | 'catalog' | 'schedule'> & {
  database: Database
  now?: () => Date
}

/** The routes by which the copy and the connection to the ERP are looked after. Whatever they start, a worker does. */
export function registerSyncAdmin(server: HttpServer, { database, now = () => new Date(), ...deps }: AdminDeps): void {
  registerSyncRoutes(server, {
    ...deps,
    now,
    runs: createPostgresRunStore(database),
    sources: createPostgresSourceStatus(database),
    entities: syncedEntities(deps.catalog),
  })
}

type ReportDeps = { database: Database; status: () => SourceStatus; log: Logger; everyMs?: number }

/** Lets those who ask in another process know how a source is doing, from the replica that follows it. */
export function startSourceReports({ everyMs = 2_000, ...deps }: ReportDeps) {
  const store = createPostgresSourceStatus(deps.database)
  return reportSource({ ...deps, store, everyMs })
}

type FullSyncDeps = {
  records: RecordReader
  copy: Copy
  catalog: Catalog
  database: Database
  log: Logger
  schedule: SyncSchedule
  pace: FullSyncPace
  /** After each run. */
  onEnd: () => void
  now?: () => Date
  /** How often is looked for work, and how long an entity that failed is left alone. */
  everyMs?: number
  restMs?: number
}

/** Keeps the copy whole from now on: on schedule, on demand, and at once where there is none. Of several replicas one does. */
export function startFullSync({ now = () => new Date(), everyMs = 1_000, ...deps }: FullSyncDeps): FullSync {
  const { copy, catalog, database, schedule, restMs = 5 * 60_000 } = deps
  const log = deps.log.child({ 'event.module': 'sync' })
  const runs = createPostgresRunStore(database)
  const entities = syncedEntities(catalog)
  return followSchedule({
    runs,
    findWork: () => findWork({ copy, runs, entities, schedule, restMs, now }),
    work: (run, signal) => runFullSync({ ...deps, runs, log }, run, signal),
    onEnd: deps.onEnd,
    runExclusively: createPostgresTurns(database, fullSyncLock),
    log,
    now,
    everyMs,
  })
}

/** Every entity that the ERP has: master data first, which is short and names the rest. */
function syncedEntities(catalog: Catalog): string[] {
  const held = Object.values(catalog.entities).filter(({ entity }) => isHeld(catalog, entity))
  const isLong = ({ kind }: (typeof held)[number]) => (kind === 'master' ? 0 : 1)
  return held.toSorted((a, b) => isLong(a) - isLong(b)).map(({ entity }) => entity)
}
