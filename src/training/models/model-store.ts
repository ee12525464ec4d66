import type { Kysely } from 'kysely'
import type { WriteAlso } from '../jobs/job-store.ts'
import type { Metrics } from '../steps/metrics.ts'

/** Told to whoever listens when another model is to serve. */
export const servingChannel = 'served_model'

/** A model as it was made. Its id is the beginning of the SHA-256 of its bytes; both stay as long as it does. */
export type ModelVersion = {
  modelId: string
  sha256: string
  size: number
  trainer: string
  /** Of the code that makes features of texts, at the time: under another the model must not serve. */
  codeVersion: string
  datasetHash: string
  /** The model in service when it was made; null: the built-in one. */
  parent: string | null
  jobId: string | null
  createdBy: string | null
  createdAt: Date
  /** Of its last evaluation. */
  metrics: Metrics | null
}
export type NewModel = Pick<ModelVersion, 'trainer' | 'codeVersion' | 'datasetHash' | 'parent' | 'jobId' | 'createdBy'>

/**
 * What is in service. `modelId` null: the built-in model; `canaryId`: reads `canaryShare` of the questions, 0…1; `shadowId`: reads
 * `shadowShare` of them beside the one that answers, unheard. There is a canary or a shadow, never both.
 */
export type Serving = {
  modelId: string | null
  canaryId: string | null
  canaryShare: number
  shadowId: string | null
  shadowShare: number
  /** Changes with every change. */
  revision: string
}

/** `shadow` and `canary`: a model on trial, which only reads a share of the questions, or answers it. `withdrawal`: it was not kept. */
export const deploymentKinds = ['shadow', 'canary', 'full', 'rollback', 'withdrawal'] as const
type DeploymentKind = (typeof deploymentKinds)[number]

/** How a shadow read what the model in service answered. `dropped`: not read, because there was no time. The others are of `readings`. */
export type ShadowCounts = {
  readings: number
  dropped: number
  failed: number
  otherIntent: number
  otherQuery: number
  otherConfidence: number
}

/** One change of what is in service. */
export type Deployment = {
  deploymentId: string
  kind: DeploymentKind
  modelId: string | null
  replaced: string | null
  share: number
  reason: string | null
  deployedBy: string | null
  jobId: string | null
  deployedAt: Date
  watchUntil: Date | null
  /** Of a shadow that has read something. */
  shadow: ShadowCounts | null
}

type DeployRequest = {
  modelId: string | null
  by: string | null
  reason?: string
  jobId?: string
  /** Until when live signals may take it back. */
  watchUntil?: Date
}

export type TrialRequest = Omit<DeployRequest, 'watchUntil'> & {
  kind: Extract<DeploymentKind, 'shadow' | 'canary'>
  modelId: string
  share: number
}
export type WhichTrial = { deploymentId?: string; jobId?: string; by?: string | null; reason: string }

/** Models and which of them serves. A change of what serves is one row, and is told on `servingChannel` when it is committed. */
export type ModelStore = {
  /** The same bytes are the same version, as it was first added. */
  add(model: NewModel, content: Buffer): Promise<ModelVersion>
  /** Throws TRAINING_MODEL_NOT_FOUND. */
  read(modelId: string): Promise<ModelVersion>
  /** Throws TRAINING_MODEL_NOT_FOUND, or TRAINING_MODEL_TAMPERED when the bytes are not those of the id. */
  readContent(modelId: string): Promise<Buffer>
  /** The newest first. */
  list(limit: number): Promise<ModelVersion[]>
  addEvaluation(modelId: string, jobId: string | null, metrics: Metrics): Promise<void>
  readServing(): Promise<Serving>
  /** Puts a model in service for all questions, and ends any trial. Throws TRAINING_MODEL_NOT_FOUND. */
  deploy(request: DeployRequest, also?: WriteAlso): Promise<Serving>
  /** Puts a model on trial, in place of one that was. Throws TRAINING_MODEL_NOT_FOUND. */
  startTrial(request: TrialRequest, also?: WriteAlso): Promise<Serving>
  /** Ends the trial under way, if it is this one or, with `jobId`, of this job. */
  endTrial(which: WhichTrial, also?: WriteAlso): Promise<Serving>
  /** The same in a transaction of the caller's. */
  endTrialWithin(within: Kysely<unknown>, which: WhichTrial): Promise<Serving>
  /** The trial under way. */
  readTrial(): Promise<Deployment | undefined>
  /** Back to what served before. Throws TRAINING_NOTHING_TO_ROLL_BACK. */
  rollback(act: { by: string | null; reason?: string }, also?: WriteAlso): Promise<Serving>
  /** The deployment by which the model in service took the place of another; undefined after a rollback. */
  readWatched(): Promise<Deployment | undefined>
  /** Back to what a deployment replaced, if it is still the one that {@link readWatched} gives. Whether it was. */
  takeBack(deployment: Deployment, reason: string, also?: WriteAlso): Promise<boolean>
  /** The newest first. */
  listDeployments(limit: number): Promise<Deployment[]>
  /** Adds to what is known of a shadow. */
  addShadowCounts(deploymentId: string, counts: ShadowCounts): Promise<void>
  /** Removes all but the newest `keep` versions, those in service, and what a rollback would go back to. Returns the ids removed. */
  removeOld(keep: number): Promise<string[]>
}
