import type { AuditLog } from '#audit'
import type { Catalog } from '#catalog'
import type { BuiltInModels, NameIndex } from '#nlu'
import type { Logger } from '#platform/log'
import type { MessageQueue } from '#platform/queue'
import type { DataStore } from '../data/data-store.ts'
import type { ModelStore } from '../models/model-store.ts'
import type { ReviewStore } from '../review/review-store.ts'
import type { GoldenQuestion } from '../steps/golden.ts'
import type { Gate } from '../steps/judge-metrics.ts'
import type { TellKeepers } from '../tell-keepers.ts'
import type { Trainer } from '../trainers/trainer.ts'
import type { TrainingMetrics } from '../training-metrics.ts'
import type { EndState, Job, JobOutcome, Settings, Step } from './job.ts'
import type { JobStore } from './job-store.ts'

/** What working on jobs needs; every part can be swapped. */
export type TrainingDeps = {
  jobs: JobStore
  data: DataStore
  models: ModelStore
  reviews: ReviewStore
  queue: Pick<MessageQueue, 'publish'>
  audit: Pick<AuditLog, 'recordWith'>
  catalog: Catalog
  /** The names of the ERP's master data, of now. */
  readNames: () => Promise<NameIndex>
  openBuiltIn: () => BuiltInModels
  codeVersion: string
  /** By name; `foreign` is none of them. */
  trainers: Readonly<Record<string, Trainer>>
  golden: readonly GoldenQuestion[]
  gate: Gate
  /** Tells those who look after training. */
  tellKeepers: TellKeepers
  metrics: TrainingMetrics
  /** Names of devices that this worker can give a job. */
  devices: readonly string[]
  log: Logger
  now: () => Date
}

/** One step of one job at work. */
export type StepContext = TrainingDeps & {
  job: Job
  settings: Settings
  /** What an earlier step of this job found, or this one before it waited. */
  resultOf<T>(step: Step): T
  /** 0…1; kept now and then. */
  onProgress: (share: number) => void
  signal: AbortSignal
}

/** How a step goes on: to the next, after a while, or to the job's end. */
export type StepEnd =
  | { kind: 'done'; result: unknown }
  | { kind: 'wait'; until: Date; result: unknown }
  | { kind: 'end'; state: EndState; outcome: JobOutcome; result: unknown }

export type RunStep = (context: StepContext) => Promise<StepEnd>
