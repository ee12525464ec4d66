import type { z } from 'zod'
import type {
  datasetSchema,
  ModelComparison,
  modelListSchema,
  servingSchema,
  TrainingJob,
  TrainingModel,
} from './api.ts'
import type { Dataset } from './data/data-store.ts'
import type { Job } from './jobs/job.ts'
import type { Deployment, ModelVersion, Serving } from './models/model-store.ts'
import type { Metrics } from './steps/metrics.ts'

const builtIn = 'built-in'

export function describeJob(job: Job): TrainingJob {
  return {
    ...{ job: job.jobId, state: job.state, step: job.step, trigger: job.trigger, trainer: job.trainer },
    ...(job.requestedBy !== null && { requestedBy: job.requestedBy }),
    createdAt: job.createdAt.toISOString(),
    ...(job.finishedAt && { finishedAt: job.finishedAt.toISOString() }),
    ...{ isCancelled: job.isCancelled, devices: job.devices },
    ...(job.outcome && { outcome: job.outcome }),
    steps: job.steps.map(({ step, attempts, progress, startedAt, finishedAt, result }) => ({
      ...{ step, attempts, progress, startedAt: startedAt.toISOString(), result },
      ...(finishedAt && { finishedAt: finishedAt.toISOString() }),
    })),
  }
}

export function describeModel(model: ModelVersion): TrainingModel {
  const { modelId, sha256, size, trainer, codeVersion, datasetHash, parent, jobId, createdBy, createdAt, metrics } =
    model
  return {
    ...{ model: modelId, sha256, size, trainer, codeVersion, datasetHash, createdAt: createdAt.toISOString() },
    ...(parent !== null && { parent }),
    ...(jobId !== null && { job: jobId }),
    ...(createdBy !== null && { createdBy }),
    ...(metrics && { metrics }),
  }
}

export function describeServing(serving: Serving): z.infer<typeof servingSchema> {
  const { modelId, canaryId, canaryShare, shadowId, shadowShare } = serving
  return {
    model: modelId ?? builtIn,
    ...(shadowId !== null && { shadow: { model: shadowId, share: shadowShare } }),
    ...(canaryId !== null && { canary: { model: canaryId, share: canaryShare } }),
  }
}

export function describeDeployment(one: Deployment): z.infer<typeof modelListSchema>['deployments'][number] {
  return {
    ...{
      deployment: one.deploymentId,
      kind: one.kind,
      model: one.modelId ?? builtIn,
      replaced: one.replaced ?? builtIn,
      share: one.share,
    },
    ...(one.reason !== null && { reason: one.reason }),
    ...(one.deployedBy !== null && { deployedBy: one.deployedBy }),
    deployedAt: one.deployedAt.toISOString(),
    ...(one.watchUntil && { watchUntil: one.watchUntil.toISOString() }),
    ...(one.shadow && { shadow: one.shadow }),
  }
}

export function describeDataset({ datasetId, jobId, hash, counts, createdAt }: Dataset): z.infer<typeof datasetSchema> {
  return { dataset: datasetId, job: jobId, hash, counts, createdAt: createdAt.toISOString() }
}

/** Two versions figure by figure, as of the last evaluation of each. */
export function compareModels(first: ModelVersion, second: ModelVersion): ModelComparison {
  const [one, other] = [flatten(first.metrics), flatten(second.metrics)]
  const names = [...new Set([...one.keys(), ...other.keys()])].sort()
  return {
    models: [describeModel(first), describeModel(second)],
    figures: names.map((name) => {
      const [a, b] = [one.get(name) ?? null, other.get(name) ?? null]
      return {
        name,
        first: a,
        second: b,
        difference: a === null || b === null ? null : Math.round((b - a) * 1e4) / 1e4,
      }
    }),
  }
}

function flatten(metrics: Metrics | null): Map<string, number | null> {
  const found = new Map<string, number | null>()
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'number' || value === null) found.set(path, value)
    else if (typeof value === 'object' && !Array.isArray(value))
      for (const [name, inner] of Object.entries(value ?? {})) walk(inner, path === '' ? name : `${path} ${name}`)
  }
  walk(metrics ?? {}, '')
  return found
}
