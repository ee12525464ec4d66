/** What a job does, in this order. What a step found is kept, so that whoever takes the job up again goes on after it. */
export const steps = ['collect', 'preprocess', 'train', 'evaluate', 'gate', 'deploy'] as const
export type Step = (typeof steps)[number]

/** `waiting`: for another program's model, or for a canary's time to pass. */
export const jobStates = ['queued', 'running', 'waiting', 'deployed', 'refused', 'failed', 'cancelled'] as const
type JobState = (typeof jobStates)[number]
export type EndState = Extract<JobState, 'deployed' | 'refused' | 'failed' | 'cancelled'>

/** Why a job ended as it did: a stable code, and what of it is to be told. */
export type JobOutcome = { code: string; reasons: string[] }

export type JobStep = {
  step: Step
  attempts: number
  /** 0…1. */
  progress: number
  result: unknown
  startedAt: Date
  finishedAt: Date | null
}

/** One way from what people asked to a model in service. */
export type Job = {
  jobId: string
  state: JobState
  step: Step
  trigger: 'schedule' | 'manual'
  requestedBy: string | null
  /** `built-in`, `foreign`, or the name of a command of the configuration. */
  trainer: string
  createdAt: Date
  finishedAt: Date | null
  isCancelled: boolean
  outcome: JobOutcome | null
  devices: string[]
  steps: JobStep[]
}

/** The right to work on a job, until it is not renewed in time. */
export type Lease = { jobId: string; owner: string }

/** What bounds a job, the same for every worker: kept in the database. */
export type Settings = {
  cron: string
  timeZone: string
  isEnabled: boolean
  /** Jobs at a time, in all workers together. */
  concurrency: number
  memoryMb: number
  timeLimitS: number
  /** Devices that a job needs. */
  devices: number
  trainer: string
  /** The share of questions that a new model reads unheard first of all, 0…1, and for how long; 0 for none. */
  shadowShare: number
  shadowS: number
  /** The share of questions that a new model answers first, 0…1, and for how long; 0 for none. */
  canaryShare: number
  canaryS: number
  /** How long after a deployment live signals are held against those before it. */
  watchS: number
  /** Models kept beside those in service. */
  keepModels: number
}
