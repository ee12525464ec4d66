import { giveFacts } from '#nlu'
import { AppError } from '#platform/errors'
import type { Dataset } from '../data/data-store.ts'
import { parseRows } from '../data/dataset.ts'
import { trainingErrors } from '../errors.ts'
import type { Job } from '../jobs/job.ts'
import type { TrainingDeps } from '../jobs/job-context.ts'
import { decodeModel, encodeModel } from './load-model.ts'
import type { ModelVersion } from './model-store.ts'

type Trained = {
  job: Pick<Job, 'jobId' | 'trainer' | 'requestedBy'>
  dataset: Dataset & { content: string }
  content: Buffer
}

/**
 * Takes what a trainer has made as a new version, with the words of the sentences that people have labelled. Throws
 * TRAINING_MODEL_UNREADABLE when it is no model, or one of labels that its data does not have.
 */
export async function acceptModel(
  { models, codeVersion }: Pick<TrainingDeps, 'models' | 'codeVersion'>,
  { job, dataset, content }: Trained,
): Promise<ModelVersion> {
  const rows = parseRows(dataset.content)
  const labels = new Set(rows.map(({ intent }) => intent))
  const trained = decodeModel(content)
  if (trained.intents.some((intent) => !labels.has(intent))) throw new AppError(trainingErrors.modelUnreadable)
  const reviewed = rows.filter(({ origin, split }) => origin === 'reviewed' && split === 'train')
  const taught = [...Map.groupBy(reviewed, ({ intent }) => intent)].map(([label, all]) => ({
    label,
    texts: all.map(({ text }) => text),
  }))
  const model = giveFacts(trained, dataset.hash.slice(0, 16), taught)
  const { modelId: parent } = await models.readServing()
  const { jobId, trainer, requestedBy } = job
  return await models.add(
    { trainer, codeVersion, datasetHash: dataset.hash, parent, jobId, createdBy: requestedBy },
    encodeModel(model),
  )
}
