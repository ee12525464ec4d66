import type { Catalog } from '#catalog'
import type { SyncStatus } from '../api.ts'
import type { Copy } from '../copy/copy.ts'
import type { RunStore } from '../full/run-store.ts'
import { nextTime, type SyncSchedule } from '../full/schedule.ts'
import { describeRun } from './describe-run.ts'
import type { SourceStatusStore } from './source-status.ts'

export type StatusDeps = {
  catalog: Catalog
  copy: Pick<Copy, 'state'>
  runs: Pick<RunStore, 'findActive' | 'list'>
  sources: Pick<SourceStatusStore, 'list'>
  schedule: SyncSchedule
  now: () => Date
}

/** A report that is older says nothing of the present. */
const freshMs = 15_000

/** The copy by entity, the sources of changes, and the runs. All of it from the database: the work is another process's. */
export async function readStatus(deps: StatusDeps): Promise<SyncStatus> {
  const { catalog, copy, runs, sources, schedule, now } = deps
  const [states, active, [newest, second], listed] = await Promise.all([
    copy.state(),
    runs.findActive(),
    runs.list(2),
    sources.list(),
  ])
  const last = newest?.run === active?.run ? second : newest
  const next = nextTime(schedule, now())
  return {
    entities: states.map(({ entity, distrusted, ...state }) => ({
      entity,
      label: catalog.entities[entity]?.label ?? { ko: entity, en: entity },
      ...state,
      ...(distrusted && { distrusted }),
    })),
    sources: listed.map((source) => {
      const isFresh = now().getTime() - Date.parse(source.reportedAt ?? '') < freshMs
      return isFresh ? source : { ...source, state: 'unknown' }
    }),
    ...(active && { activeRun: describeRun(active) }),
    ...(last && { lastRun: describeRun(last) }),
    ...(next && { nextRunAt: next.toISOString() }),
  }
}
