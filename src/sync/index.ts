import { type Catalog, isHeld } from '#catalog'
import type { RecordReader } from '#erp'
import type { Database } from '#platform/database'
import type { Logger } from '#platform/log'
import type { Copy } from './copy/copy.ts'
import { createPostgresTurns } from './exclusive-work.postgres.ts'
import { findWork } from './full/find-work.ts'
import { type FullSync, followSchedule } from './full/follow-schedule.ts'
import { runFullSync } from './full/run-full-sync.ts'
import { createPostgresRunStore } from './full/run-store.postgres.ts'
import type { SyncSchedule } from './full/schedule.ts'
import type { FullSyncPace } from './full/sync-entity.ts'
import { type NameRefresh, repeatRefresh } from './names/name-refresh.ts'
import { type RefreshDeps, refreshNames } from './names/refresh-names.ts'

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
