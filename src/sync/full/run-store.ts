import type { Transaction } from 'kysely'
import type { FillReport } from '../copy/copy.ts'
import type { RunRequest, RunState, SyncRun } from './sync-run.ts'

/** How far an entity was read: what is staged once `cursor` is the copy's own, and what was before that page. */
export type Progress = { cursor: string | null; pages: number; read: number; pagesBefore: number; readBefore: number }

/** Writes something in the same transaction: both are there, or neither. */
export type WriteAlso = (transaction: Transaction<unknown>) => Promise<void>

export type EntityEnd =
  | { state: 'finished'; report: FillReport }
  | { state: 'suspicious' | 'failed' | 'cancelled'; error?: string }

/** Runs and their reports, kept where every process can see them. */
export type RunStore = {
  /** Opens a run in the state `requested`, together with what `also` writes. Throws SYNC_RUNNING when another one has not ended. */
  open(request: RunRequest, also?: WriteAlso): Promise<SyncRun>
  /** The run that has not ended. */
  findActive(): Promise<SyncRun | undefined>
  /** Throws SYNC_RUN_NOT_FOUND. */
  read(run: string): Promise<SyncRun>
  /** The newest first, without differences. */
  list(limit: number): Promise<SyncRun[]>
  /** The newest run of every entity that has ended. */
  findLastWhole(): Promise<SyncRun | undefined>
  /** Instants at which entities were last tried without coming over, since they last did. */
  listFailures(): Promise<Map<string, { at: string; state: string }>>
  begin(run: string): Promise<void>
  /** Asks a run to stop. Throws SYNC_RUN_NOT_FOUND, SYNC_RUN_OVER. */
  cancel(run: string, also?: WriteAlso): Promise<SyncRun>
  beginEntity(run: string, entity: string, before: number): Promise<Progress | undefined>
  /** Before a page is staged. Returns whether the run is to stop. */
  advance(run: string, entity: string, progress: Progress): Promise<{ isCancelled: boolean }>
  markMerging(run: string, entity: string): Promise<void>
  endEntity(run: string, entity: string, end: EntityEnd): Promise<void>
  /** Ends a run; what is open in it counts as cancelled. */
  end(run: string, state: Extract<RunState, 'finished' | 'cancelled' | 'failed'>, error?: string): Promise<void>
}
