import type { Copy } from '../copy/copy.ts'
import type { RunStore } from './run-store.ts'
import { isDue, type SyncSchedule } from './schedule.ts'
import type { RunRequest } from './sync-run.ts'

export type FindWorkDeps = {
  copy: Pick<Copy, 'state'>
  runs: Pick<RunStore, 'findLastWhole' | 'listFailures'>
  /** Every entity that the ERP has, in the order in which they are read. */
  entities: readonly string[]
  schedule: SyncSchedule
  /** How long an entity that could not be read is left alone, unless the schedule or a person asks for it. */
  restMs: number
  now: () => Date
}

/** The run that ought to be started now, if any: of what has no copy that can be trusted, or the scheduled one. */
export async function findWork(deps: FindWorkDeps): Promise<RunRequest | undefined> {
  const { copy, runs, entities, schedule, now } = deps
  const last = await runs.findLastWhole()
  const ended = last?.finishedAt === undefined ? undefined : new Date(last.finishedAt)
  if (isDue(schedule, { last: ended, now: now() }))
    return { trigger: 'schedule', entities, isForced: false, isWhole: true }
  const states = new Map((await copy.state()).map((state) => [state.entity, state]))
  const failures = await runs.listFailures()
  const needed = entities.filter((entity) => {
    const state = states.get(entity)
    const isGood = state?.isFilled && !state.distrusted
    return !isGood && !isResting(failures.get(entity), state?.distrusted?.at, deps)
  })
  if (needed.length === 0) return undefined
  return { trigger: 'needed', entities: needed, isForced: false, isWhole: needed.length === entities.length }
}

/** What looked suspicious is for a person to decide; what failed is tried again after a while. A new distrust is a new reason. */
function isResting(
  failure: { at: string; state: string } | undefined,
  distrustedAt: string | undefined,
  { restMs, now }: FindWorkDeps,
): boolean {
  if (!failure || (distrustedAt !== undefined && distrustedAt > failure.at)) return false
  return failure.state !== 'failed' || now().getTime() - Date.parse(failure.at) < restMs
}
