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

/** What is in service. `modelId` null: the built-in model; `canaryId`: reads `canaryShare` of the questions, 0…1. */
export type Serving = {
  modelId: string | null
  canaryId: string | null
  canaryShare: number
  /** Changes with every change. */
  revision: string
}

/** One change of what is in service. `withdrawal`: a canary that was not kept. */
export type Deployment = {
  deploymentId: string
  kind: 'canary' | 'full' | 'rollback' | 'withdrawal'
  modelId: string | null
  replaced: string | null
  share: number
  reason: string | null
  deployedBy: string | null
  jobId: string | null
  deployedAt: Date
  watchUntil: Date | null
}

type DeployRequest = {
  modelId: string | null
  by: string | null
  reason?: string
  jobId?: string
  /** Until when live signals may take it back. */
  watchUntil?: Date
}

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
  /** Puts a model in service for all questions, and ends any canary. Throws TRAINING_MODEL_NOT_FOUND. */
  deploy(request: DeployRequest, also?: WriteAlso): Promise<Serving>
  startCanary(request: DeployRequest & { modelId: string; share: number }): Promise<Serving>
  /** Ends a canary, if this one is under way. */
  withdrawCanary(modelId: string, reason: string): Promise<Serving>
  /** Back to what served before. Throws TRAINING_NOTHING_TO_ROLL_BACK. */
  rollback(act: { by: string | null; reason?: string }, also?: WriteAlso): Promise<Serving>
  listDeployments(limit: number): Promise<Deployment[]>
  /** Removes all but the newest `keep` versions, those in service, and what a rollback would go back to. Returns the ids removed. */
  removeOld(keep: number): Promise<string[]>
}
