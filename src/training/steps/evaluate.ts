import { setImmediate as breathe } from 'node:timers/promises'
import { createRequestModel, createUnderstanding, type IntentModel } from '#nlu'
import { parseRows } from '../data/dataset.ts'
import type { RunStep, StepContext } from '../jobs/job-context.ts'
import { decodeModel } from '../models/load-model.ts'
import type { ReviewedShare } from '../review/measure-effect.ts'
import { measureReviewed, mostReviewed } from '../review/measure-reviewed.ts'
import type { ReviewedQuestion } from '../review/review-store.ts'
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
  const { measure, countReviewed } = await openMeasures(context)
  // Once beforehand, so that the first to be measured does not pay for the start.
  await measure(openBuiltIn().requests, rows)
  const made = decodeModel(await models.readContent(modelId))
  const now = await measure(made, rows)
  onProgress(0.5)
  const serving = await models.readServing()
  const isUsable = serving.modelId !== null && (await models.read(serving.modelId)).codeVersion === codeVersion
  const servingId = isUsable ? serving.modelId : null
  const old = servingId === null ? openBuiltIn().requests : decodeModel(await models.readContent(servingId))
  const inService = { modelId: servingId, metrics: await measure(old, rows) }
  const questions = await context.reviews.readReviewed(mostReviewed)
  const [right, rightInService] = [await countReviewed(made, questions), await countReviewed(old, questions)]
  const reviewed = { rows: questions.length, right, rightInService }
  await models.addEvaluation(modelId, job.jobId, now)
  const rowsOf = Object.fromEntries(
    [...Map.groupBy(rows, ({ intent }) => intent)].map(([label, all]) => [label, all.length]),
  )
  const result: Evaluation = { modelId, now, inService, rowsOf, reviewed }
  return { kind: 'done', result }
}

type Rows = readonly { text: string; intent: string }[]

/** Ways to measure a model, with the names of now; they stop when the job does. */
async function openMeasures({ catalog, readNames, openBuiltIn, golden, signal }: StepContext) {
  const names = await readNames()
  const nameKinds = openBuiltIn().names
  const pause = async () => {
    signal.throwIfAborted()
    await breathe()
  }
  return {
    measure: async (model: IntentModel, rows: Rows): Promise<Metrics> => ({
      heldOut: await measureHeldOut(model, rows, pause),
      ...(await measureGolden(model, golden, { catalog, names, nameKinds, pause })),
    }),
    /** How many of the reviewed questions it reads as people said. */
    async countReviewed(requests: IntentModel, questions: readonly ReviewedQuestion[]): Promise<number> {
      const model = createRequestModel(requests, nameKinds)
      const understand = createUnderstanding({ catalog, names: () => names, model: () => model })
      return (await measureReviewed(questions, understand, pause)).filter(({ isRight }) => isRight).length
    },
  }
}
