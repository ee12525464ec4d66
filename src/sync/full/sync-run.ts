import type { Difference, FillReport } from '../copy/copy.ts'

/** Why a run was started: by the clock, because entities have no copy that can be trusted, or by a person. */
export type RunTrigger = 'schedule' | 'needed' | 'manual'
export type RunState = 'requested' | 'running' | 'cancelling' | 'finished' | 'cancelled' | 'failed'
/** `suspicious`: read, and not merged because far fewer records came than the copy has. */
export type EntityRunState = 'waiting' | 'reading' | 'merging' | 'finished' | 'suspicious' | 'failed' | 'cancelled'

/** What a run asks for. `isForced`: also what looks suspicious is merged. `isWhole`: every entity that the ERP has. */
export type RunRequest = {
  trigger: RunTrigger
  requestedBy?: string | undefined
  entities: readonly string[]
  isForced: boolean
  isWhole: boolean
}

/** One entity of a run: how far it has come, and its report. `before`: how many records the copy had. */
export type EntityRun = Omit<FillReport, 'differences'> & {
  entity: string
  state: EntityRunState
  pages: number
  read: number
  before: number
  /** The first few records that the copy had wrong although changes were followed. */
  differences: Difference[]
  /** The code of what went wrong. */
  error?: string
  finishedAt?: string
}

/** A full sync, asked for, under way or ended. Instants are ISO. */
export type SyncRun = Omit<RunRequest, 'entities'> & {
  run: string
  state: RunState
  startedAt: string
  finishedAt?: string
  error?: string
  entities: EntityRun[]
}

/** Whether the run still has something to do for the entity. */
export function isOpen({ state }: EntityRun): boolean {
  return state === 'waiting' || state === 'reading' || state === 'merging'
}
