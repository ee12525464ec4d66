import { setImmediate as breathe } from 'node:timers/promises'
import { createRequestModel, createUnderstanding, type IntentModel } from '#nlu'
import { parseRows } from '../data/dataset.ts'
import type { RunStep, StepContext } from '../jobs/job-context.ts'
import { decodeModel } from '../models/load-model.ts'
import type { ReviewedShare } from '../review/measure-effect.ts'
import { measureReviewed, mostReviewed } from '../review/measure-reviewed.ts'
import { measureGolden } from './golden.ts'
import { type Metrics, measureHeldOut } from './metrics.ts'

export type Evaluation = {
  modelId: string
  now: Metrics
  /** The model in service, by the same rows. */
  inService: { modelId: string | null; metrics: Metrics }
  rowsOf: Record<string, number>
  /** Of the questions that people reviewed last, learned from or not. */
  reviewed: ReviewedShare
}

/** Measures the new model and the one in service side by side, on rows that the new one has not learned from. */
export const evaluate: RunStep = async (context) => {
  const { job, data, models, openBuiltIn, codeVersion, onProgress } = context
  const { modelId } = context.resultOf<{ modelId: string }>('train')
  const rows = parseRows((await data.readDataset(job.jobId)).content).filter(({ split }) => split === 'test')
  const measure = await createMeasure(context, rows)
  // Once beforehand, so that the first to be measured does not pay for the start.
  await measure(openBuiltIn().requests)
  const made = decodeModel(await models.readContent(modelId))
  const now = await measure(made)
  onProgress(0.5)
  const serving = await models.readServing()
  const isUsable = serving.modelId !== null && (await models.read(serving.modelId)).codeVersion === codeVersion
  const servingId = isUsable ? serving.modelId : null
  const old = servingId === null ? openBuiltIn().requests : decodeModel(await models.readContent(servingId))
  const inService = { modelId: servingId, metrics: await measure(old) }
  const reviewed = await compareReviewed(context, made, old)
  await models.addEvaluation(modelId, job.jobId, now)
  const rowsOf = Object.fromEntries(
    [...Map.groupBy(rows, ({ intent }) => intent)].map(([label, all]) => [label, all.length]),
  )
  const result: Evaluation = { modelId, now, inService, rowsOf, reviewed }
  return { kind: 'done', result }
}

async function compareReviewed(
  { catalog, reviews, readNames, openBuiltIn, signal }: StepContext,
  made: IntentModel,
  old: IntentModel,
): Promise<ReviewedShare> {
  const questions = await reviews.readReviewed(mostReviewed)
  const names = await readNames()
  const pause = async () => {
    signal.throwIfAborted()
    await breathe()
  }
  const countRight = async (requests: IntentModel) => {
    const model = createRequestModel(requests, openBuiltIn().names)
    const understand = createUnderstanding({ catalog, names: () => names, model: () => model })
    return (await measureReviewed(questions, understand, pause)).filter(({ isRight }) => isRight).length
  }
  return { rows: questions.length, right: await countRight(made), rightInService: await countRight(old) }
}

async function createMeasure(
  { catalog, readNames, openBuiltIn, golden, signal }: StepContext,
  rows: readonly { text: string; intent: string }[],
): Promise<(model: IntentModel) => Promise<Metrics>> {
  const names = await readNames()
  const nameKinds = openBuiltIn().names
  const pause = async () => {
    signal.throwIfAborted()
    await breathe()
  }
  return async (model) => ({
    heldOut: await measureHeldOut(model, rows, pause),
    ...(await measureGolden(model, golden, { catalog, names, nameKinds, pause })),
  })
}
