import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { AppError } from '#platform/errors'
import { Rejected } from '#platform/queue'
import { trainingErrors } from './errors.ts'
import type { TrainingDeps } from './jobs/job-context.ts'
import type { resultSchema } from './messages.ts'
import { acceptModel } from './models/accept-model.ts'

/** What is known of a model that another program makes: handed over (the SHA-256 is of what came), and confirmed by its message. */
export type AwaitedModel = {
  deadline: string
  uploaded?: { sha256: string; modelId: string }
  isConfirmed?: boolean
  error?: string
}

type Deps = Pick<TrainingDeps, 'jobs' | 'data' | 'models' | 'codeVersion'>

/**
 * Takes a model that another program hands over for a job that waits for one. Throws TRAINING_JOB_NOT_FOUND, TRAINING_JOB_NOT_WAITING,
 * TRAINING_MODEL_UNREADABLE.
 */
export async function takeUpload(
  deps: Deps,
  jobId: string,
  content: Buffer,
): Promise<{ sha256: string; modelId: string }> {
  const job = await deps.jobs.read(jobId)
  if (job.state !== 'waiting' || job.step !== 'train') throw new AppError(trainingErrors.notWaiting)
  const dataset = await deps.data.readDataset(jobId)
  const { modelId } = await acceptModel(deps, { job, dataset, content })
  const uploaded = { sha256: createHash('sha256').update(content).digest('hex'), modelId }
  if (!(await deps.jobs.answer(jobId, 'train', { uploaded }, false))) throw new AppError(trainingErrors.notWaiting)
  return uploaded
}

/** Takes the message of another program that it is done: its job goes on. One about a model that did not come is a dead letter. */
export async function noteResult(
  { jobs }: Pick<Deps, 'jobs'>,
  { job: jobId, sha256, error }: z.infer<typeof resultSchema>,
) {
  const job = await jobs.read(jobId).catch((cause: unknown) => {
    throw cause instanceof AppError ? new Rejected('There is no such job') : cause
  })
  const known = job.steps.find(({ step }) => step === 'train')?.result as AwaitedModel | null | undefined
  if (error === undefined && (sha256 === undefined || known?.uploaded?.sha256 !== sha256))
    throw new Rejected('The model was not handed over, or another one was')
  await jobs.answer(jobId, 'train', error === undefined ? { isConfirmed: true } : { error }, true)
}
