import type { Deployment, ModelVersion, Serving } from './model-store.ts'

export type ModelRow = {
  model_id: string
  sha256: string
  size: number
  trainer: string
  code_version: string
  dataset_hash: string
  parent: string | null
  job_id: string | null
  created_by: string | null
  created_at: Date
  metrics: ModelVersion['metrics']
}

export function readModel(row: ModelRow): ModelVersion {
  return {
    ...{ modelId: row.model_id, sha256: row.sha256, size: row.size, trainer: row.trainer, parent: row.parent },
    ...{ codeVersion: row.code_version, datasetHash: row.dataset_hash, jobId: row.job_id, createdBy: row.created_by },
    ...{ createdAt: row.created_at, metrics: row.metrics },
  }
}

export type DeploymentRow = {
  deployment_id: string
  kind: Deployment['kind']
  model_id: string | null
  replaced: string | null
  share: number
  reason: string | null
  deployed_by: string | null
  job_id: string | null
  deployed_at: Date
  watch_until: Date | null
  shadow?: Deployment['shadow']
}

export function readDeployment(row: DeploymentRow): Deployment {
  return {
    ...{ deploymentId: row.deployment_id, kind: row.kind, modelId: row.model_id, replaced: row.replaced },
    ...{ share: row.share, reason: row.reason, deployedBy: row.deployed_by, jobId: row.job_id },
    ...{ deployedAt: row.deployed_at, watchUntil: row.watch_until, shadow: row.shadow ?? null },
  }
}

type ServingRow = {
  model_id: string | null
  canary_id: string | null
  canary_share: number
  shadow_id: string | null
  shadow_share: number
  revision: string
}

export function readServingRow(row: ServingRow | undefined): Serving {
  if (!row) throw new Error('training_serving has lost its row')
  return {
    ...{ modelId: row.model_id, canaryId: row.canary_id },
    ...{ canaryShare: row.canary_share, shadowId: row.shadow_id, shadowShare: row.shadow_share },
    revision: row.revision,
  }
}
