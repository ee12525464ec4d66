import type { Database } from '#platform/database'
import { createPostgresTurns } from './exclusive-work.postgres.ts'
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

const refreshLock = 7_146_201_125

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
