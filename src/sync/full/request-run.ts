import { AppError } from '#platform/errors'
import { fullSyncErrors } from './errors.ts'
import type { RunStore, WriteAlso } from './run-store.ts'
import type { SyncRun } from './sync-run.ts'

type Deps = { runs: Pick<RunStore, 'open'>; entities: readonly string[] }

/** `entities`: absent for all. `force`: also what looks suspicious is merged. */
type Asked = { entities?: readonly string[] | undefined; force: boolean; requestedBy: string; also?: WriteAlso }

/** Asks for a full sync, which a worker takes up. Throws SYNC_ENTITY_UNKNOWN, or SYNC_RUNNING when another has not ended. */
export async function requestRun({ runs, entities: all }: Deps, asked: Asked): Promise<SyncRun> {
  const unknown = asked.entities?.find((entity) => !all.includes(entity))
  if (unknown !== undefined)
    throw new AppError(fullSyncErrors.unknownEntity, {
      details: [{ field: 'entities', issue: 'not an entity of the ERP' }],
    })
  // In the order in which entities are read best, each once.
  const entities = asked.entities ? all.filter((entity) => asked.entities?.includes(entity)) : all
  const isWhole = entities.length === all.length
  const request = {
    trigger: 'manual' as const,
    requestedBy: asked.requestedBy,
    entities,
    isForced: asked.force,
    isWhole,
  }
  return await runs.open(request, asked.also)
}
