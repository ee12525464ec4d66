import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '#platform/errors'
import { parseRows } from '../data/dataset.ts'
import { outcomes, trainingErrors } from '../errors.ts'
import type { RunStep, StepContext, StepEnd } from '../jobs/job-context.ts'
import { trainingTasks } from '../messages.ts'
import { acceptModel } from '../models/accept-model.ts'
import type { AwaitedModel } from '../take-result.ts'
import type { TrainingEnd } from '../trainers/trainer.ts'

/** Makes a model of the rows to learn from, in processes of their own or by another program. */
export const train: RunStep = async (context) =>
  context.job.trainer === 'foreign' ? await trainElsewhere(context) : await trainHere(context)

async function trainHere(context: StepContext): Promise<StepEnd> {
  const { job, data, trainers, settings, onProgress, signal } = context
  const trainer = Object.hasOwn(trainers, job.trainer) ? trainers[job.trainer] : undefined
  if (!trainer) throw new AppError(trainingErrors.unknownTrainer)
  const dataset = await data.readDataset(job.jobId)
  const folder = await mkdtemp(join(tmpdir(), 'erp-chatbot-training-'))
  try {
    const [dataPath, modelPath] = [join(folder, 'examples.jsonl'), join(folder, 'trained.model')]
    await writeFile(dataPath, trainingLines(dataset.content), { mode: 0o600 })
    const { memoryMb, timeLimitS } = settings
    const end = await trainer({ dataPath, modelPath, memoryMb, timeLimitS, devices: job.devices, onProgress, signal })
    if (end.kind !== 'trained') return failed(end)
    const model = await acceptModel(context, { job, dataset, content: await readTrained(modelPath) })
    return { kind: 'done', result: { modelId: model.modelId, peakMb: end.peakMb, seconds: end.seconds } }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What a trainer sees of a data set: the sentences to learn from, with their labels. */
export function trainingLines(content: string): string {
  const rows = parseRows(content).filter(({ split }) => split === 'train')
  return rows.map(({ text, intent }) => `${JSON.stringify({ text, intent })}\n`).join('')
}

async function readTrained(path: string): Promise<Buffer> {
  return await readFile(path).catch((cause: unknown) => {
    throw new AppError(trainingErrors.modelUnreadable, { cause })
  })
}

function failed(end: Exclude<TrainingEnd, { kind: 'trained' }>): StepEnd {
  const codes = {
    'memory-limit': outcomes.memoryLimit,
    'time-limit': outcomes.timeLimit,
    failed: outcomes.trainerFailed,
  }
  const reasons = end.kind === 'failed' ? [end.reason] : end.kind === 'memory-limit' ? [`it held ${end.peakMb} MB`] : []
  return { kind: 'end', state: 'failed', outcome: { code: codes[end.kind], reasons }, result: end }
}

/** Tells others of the task, once, and waits for one of them to hand over a model. */
async function trainElsewhere(context: StepContext): Promise<StepEnd> {
  const { job, data, queue, settings, now } = context
  const known = context.resultOf<AwaitedModel | null>('train')
  if (known?.uploaded && known.isConfirmed) return { kind: 'done', result: { modelId: known.uploaded.modelId } }
  const isLate = known !== null && Date.parse(known.deadline) <= now().getTime()
  if (known?.error !== undefined || isLate) {
    const code = isLate ? outcomes.timeLimit : outcomes.trainerFailed
    return {
      kind: 'end',
      state: 'failed',
      outcome: { code, reasons: known?.error ? [known.error] : [] },
      result: known,
    }
  }
  const deadline = known?.deadline ?? new Date(now().getTime() + settings.timeLimitS * 1000).toISOString()
  const { hash: datasetHash } = await data.readDataset(job.jobId)
  const base = `/api/v1/training/jobs/${job.jobId}`
  await queue.publish(
    trainingTasks,
    {
      ...{ job: job.jobId, dataset: `${base}/dataset`, datasetHash, model: `${base}/model` },
      ...{ memoryMb: settings.memoryMb, devices: job.devices, deadline },
    },
    { idempotencyKey: job.jobId },
  )
  return { kind: 'wait', until: new Date(deadline), result: { deadline } satisfies AwaitedModel }
}
