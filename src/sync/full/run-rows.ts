import { z } from 'zod'
import type { Difference } from '../copy/copy.ts'
import type { Progress } from './run-store.ts'
import type { EntityRun, EntityRunState, RunState, RunTrigger, SyncRun } from './sync-run.ts'

/** Rows of the tables as PostgreSQL gives them: int8 as texts. */
export type RunRow = {
  run: string
  trigger: RunTrigger
  requested_by: string | null
  state: RunState
  started_at: Date
  finished_at: Date | null
  error: string | null
  is_forced: boolean
  is_whole: boolean
}

type Counts = Record<'pages' | 'read' | 'before' | 'added' | 'changed' | 'removed' | 'kept', string>
export type EntityRow = Counts & {
  run: string
  entity: string
  state: EntityRunState
  differences: Difference[] | null
  error: string | null
  finished_at: Date | null
}

const progressSchema = z.object({
  cursor: z.string().nullable(),
  pages: z.number(),
  read: z.number(),
  pagesBefore: z.number(),
  readBefore: z.number(),
})

export function readRun(row: RunRow, entities: EntityRun[]): SyncRun {
  return {
    run: row.run,
    trigger: row.trigger,
    state: row.state,
    isForced: row.is_forced,
    isWhole: row.is_whole,
    startedAt: row.started_at.toISOString(),
    entities,
    ...(row.requested_by === null ? {} : { requestedBy: row.requested_by }),
    ...(row.finished_at && { finishedAt: row.finished_at.toISOString() }),
    ...(row.error === null ? {} : { error: row.error }),
  }
}

export function readEntityRun(row: EntityRow): EntityRun {
  return {
    entity: row.entity,
    state: row.state,
    pages: Number(row.pages),
    read: Number(row.read),
    before: Number(row.before),
    added: Number(row.added),
    changed: Number(row.changed),
    removed: Number(row.removed),
    kept: Number(row.kept),
    differences: row.differences ?? [],
    ...(row.error === null ? {} : { error: row.error }),
    ...(row.finished_at && { finishedAt: row.finished_at.toISOString() }),
  }
}

export function readProgress(stored: unknown): Progress | undefined {
  return progressSchema.safeParse(stored).data
}
