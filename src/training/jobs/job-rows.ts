import type { Job, JobStep, Settings } from './job.ts'

export type JobRow = {
  job_id: string
  state: Job['state']
  step: Job['step']
  trigger: Job['trigger']
  requested_by: string | null
  trainer: string
  created_at: Date
  finished_at: Date | null
  is_cancelled: boolean
  outcome: Job['outcome']
  devices: string[]
}
export type StepRow = {
  job_id: string
  step: JobStep['step']
  attempts: number
  progress: number
  result: unknown
  started_at: Date
  finished_at: Date | null
}

export function readJob(row: JobRow, steps: StepRow[]): Job {
  return {
    ...{ jobId: row.job_id, state: row.state, step: row.step, trigger: row.trigger, requestedBy: row.requested_by },
    ...{ trainer: row.trainer, createdAt: row.created_at, finishedAt: row.finished_at, isCancelled: row.is_cancelled },
    ...{ outcome: row.outcome, devices: row.devices },
    steps: steps.map(({ step, attempts, progress, result, started_at: startedAt, finished_at: finishedAt }) => ({
      ...{ step, attempts, progress, result, startedAt, finishedAt },
    })),
  }
}

/** The columns of the settings, by the names that the code has for them. */
export const settingColumns: Record<keyof Settings, string> = {
  cron: 'cron',
  timeZone: 'time_zone',
  isEnabled: 'is_enabled',
  concurrency: 'concurrency',
  memoryMb: 'memory_mb',
  timeLimitS: 'time_limit_s',
  devices: 'devices',
  trainer: 'trainer',
  shadowShare: 'shadow_share',
  shadowS: 'shadow_s',
  canaryShare: 'canary_share',
  canaryS: 'canary_s',
  watchS: 'watch_s',
  keepModels: 'keep_models',
}

export function readSettingsRow(row: Record<string, unknown>): Settings {
  const entries = Object.entries(settingColumns).map(([name, column]) => [name, row[column]])
  return Object.fromEntries(entries) as Settings
}
