import type { Kysely, Transaction } from 'kysely'
import type { EndState, Job, JobOutcome, Lease, Settings, Step } from './job.ts'

/** Writes something in the same transaction: both are there, or neither. */
export type WriteAlso = (transaction: Transaction<unknown>) => Promise<void>

export type JobRequest = {
  trigger: Job['trigger']
  requestedBy: string | null
  /** The scheduled time that this job is of: there is one job of each. */
  scheduledFor?: Date
  /** Absent: that of the settings. */
  trainer?: string | undefined
  /** A job that is there already is not opened again. */
  jobId?: string
}

/** Who takes up a job: its own name, for how long it may be silent, and the names of the devices that it can give a job. */
export type Taker = { owner: string; leaseMs: number; devices: readonly string[] }

/** How a job ends; `last` is the step that ended it, with what it found. */
export type Ending = { state: EndState; outcome: JobOutcome; last?: { step: Step; result: unknown } }

/** Whether a lease is still held; `cancelled`: it is, and somebody wants the job stopped. */
type LeaseState = 'held' | 'lost' | 'cancelled'

/** Jobs, kept where every worker sees them. What is written under a lease that was lost throws LeaseLost. */
export type JobStore = {
  /** Undefined when there is a job of that scheduled time, or of that id, already. */
  open(
    request: JobRequest,
    also?: (transaction: Kysely<unknown>, jobId: string) => Promise<void>,
  ): Promise<Job | undefined>
  /** Throws TRAINING_JOB_NOT_FOUND. */
  read(jobId: string): Promise<Job>
  /** The newest first. */
  list(limit: number): Promise<Job[]>
  /** Jobs that have not ended, by state and step, and for how many seconds the oldest has been due that nobody works on (0: none is). */
  countOpen(): Promise<{ states: { state: string; step: string; count: number }[]; oldestDueS: number }>
  /** Throws TRAINING_JOB_NOT_FOUND, TRAINING_JOB_OVER. */
  cancel(jobId: string, also?: WriteAlso): Promise<Job>
  /**
   * The oldest job that may be worked on and that nobody works on, leased; undefined when there is none, when as many jobs as may are
   * being worked on anywhere, or when too few devices are free.
   */
  take(taker: Taker): Promise<Lease | undefined>
  /** Renews a lease. */
  keep(lease: Lease, leaseMs: number): Promise<LeaseState>
  /** Begins a step or goes on with it. Returns how often it has been begun. */
  beginStep(lease: Lease, step: Step): Promise<number>
  noteProgress(lease: Lease, step: Step, progress: number): Promise<void>
  finishStep(lease: Lease, step: Step, result: unknown, also?: WriteAlso): Promise<void>
  /** Lets go of a job until a time; `result` is what its step knows so far. */
  wait(lease: Lease, step: Step, until: Date, result: unknown): Promise<void>
  /** Adds to what the step that a job waits in knows, and makes the job go on if told. False when it does not wait there. */
  answer(jobId: string, step: Step, more: object, goesOn: boolean): Promise<boolean>
  end(lease: Lease, ending: Ending, also?: WriteAlso): Promise<void>
  /** Gives a job back, to be taken up by another. `begun`: the step that was being worked on, which was then no attempt. */
  release(lease: Lease, begun?: Step): Promise<void>
  readSettings(): Promise<Settings>
  writeSettings(changes: Partial<Settings>, also?: WriteAlso): Promise<Settings>
}

/** Somebody else works on the job by now: this worker was silent for too long. */
export class LeaseLost extends Error {}
