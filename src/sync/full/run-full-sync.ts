import { AppError } from '#platform/errors'
import type { Logger } from '#platform/log'
import type { Copy } from '../copy/copy.ts'
import type { EntityEnd, RunStore } from './run-store.ts'
import { type SyncEntityDeps, syncEntity } from './sync-entity.ts'
import { isOpen, type SyncRun } from './sync-run.ts'

export type FullSyncDeps = Omit<SyncEntityDeps, 'copy' | 'runs'> & { copy: Copy; runs: RunStore; log: Logger }

/**
 * Works through a run's entities, one after the other; those that are done stay done. One that fails does not stop the others.
 * Resolves when the run has ended, or with `false` when the signal stopped it on the way: it can be taken up again then.
 */
export async function runFullSync(
  deps: FullSyncDeps,
  { run, isForced }: SyncRun,
  signal: AbortSignal,
): Promise<boolean> {
  const { copy, runs, log } = deps
  await runs.begin(run)
  const records = new Map((await copy.state()).map((state) => [state.entity, state.records]))
  for (const { entity } of (await runs.read(run)).entities.filter(isOpen)) {
    if ((await runs.read(run)).state === 'cancelling') break
    const before = records.get(entity) ?? 0
    const end = await settleEntity(deps, { run, entity, before, isForced }, signal)
    if (!end) return false
    await runs.endEntity(run, entity, end)
    logEnd(log, entity, end)
  }
  const { state, entities } = await runs.read(run)
  for (const { entity } of entities.filter(isOpen)) await copy.abandonFill(run, entity)
  const isWell = entities.every((one) => one.state === 'finished')
  const outcome = state === 'cancelling' ? 'cancelled' : isWell ? 'finished' : 'failed'
  await runs.end(run, outcome)
  log.info({ 'sync.run': run, 'sync.state': outcome }, 'A full sync ended')
  return true
}

type Task = Parameters<typeof syncEntity>[1]

/** How the entity ended; undefined when the process is to stop. */
async function settleEntity(deps: FullSyncDeps, task: Task, signal: AbortSignal): Promise<EntityEnd | undefined> {
  try {
    return await syncEntity(deps, task, signal)
  } catch (error) {
    if (signal.aborted) return undefined
    const code = error instanceof AppError ? error.spec.code : 'INTERNAL'
    deps.log.error({ err: error, 'sync.entity': task.entity }, 'An entity could not be synced; its copy stays as it is')
    await deps.copy.abandonFill(task.run, task.entity)
    return { state: 'failed', error: code }
  }
}

function logEnd(log: Logger, entity: string, end: EntityEnd): void {
  if (end.state === 'suspicious')
    log.error(
      { 'sync.entity': entity, 'error.code': end.error },
      'An entity has far fewer records than before; its copy stays as it is',
    )
  if (end.state !== 'finished') return
  const { differences, ...counts } = end.report
  log.info(
    { 'sync.entity': entity, 'sync.report': { ...counts, differences: differences.length } },
    'An entity was synced',
  )
}
