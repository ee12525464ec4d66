import { outcomes } from '../errors.ts'
import type { RunStep, StepContext, StepEnd } from '../jobs/job-context.ts'
import type { Evaluation } from './evaluate.ts'
import { judgeSignals } from './judge-signals.ts'

type Canary = { from: string; until: string }

/** Lets the model read a share of the questions for a while, and then, if nothing speaks against it, all of them. */
export const deploy: RunStep = async (context) => {
  const { models, settings, now } = context
  const { modelId } = context.resultOf<Evaluation>('evaluate')
  const canary = context.resultOf<Canary | null>('deploy')
  const serving = await models.readServing()
  if (serving.modelId === modelId) return deployed(modelId)
  if (canary === null && settings.canaryShare > 0 && settings.canaryS > 0) return await startCanary(context, modelId)
  if (canary !== null) {
    if (serving.canaryId !== modelId) return failed('another model was deployed meanwhile', canary)
    const reasons = await judgeCanary(context, modelId, canary)
    if (reasons.length > 0) {
      context.log.error(
        { model: modelId, reasons },
        'A canary met people worse than the model in service and was withdrawn',
      )
      return failed(reasons.join('; '), canary)
    }
    if (now().getTime() < Date.parse(canary.until))
      return { kind: 'wait', until: nextLook(context, canary), result: canary }
  }
  const watchUntil = new Date(now().getTime() + settings.watchS * 1000)
  const { jobId, requestedBy: by } = context.job
  const details = { model: modelId, replaced: serving.modelId ?? 'built-in', job: jobId }
  const entry = { actorId: by, action: 'training.deploy', outcome: 'ok' as const, ip: null, details }
  await models.deploy({ modelId, by, jobId, reason: 'trained', watchUntil }, (trx) =>
    context.audit.recordWith(trx, entry),
  )
  return deployed(modelId)
}

const looksOfCanary = 10

const nextLook = ({ settings, now }: StepContext, { until }: Canary): Date =>
  new Date(Math.min(Date.parse(until), now().getTime() + (settings.canaryS * 1000) / looksOfCanary))

async function startCanary(context: StepContext, modelId: string): Promise<StepEnd> {
  const { models, settings, now, job } = context
  const canary = { from: now().toISOString(), until: new Date(now().getTime() + settings.canaryS * 1000).toISOString() }
  const { canaryShare: share } = settings
  await models.startTrial({ kind: 'canary', modelId, share, by: job.requestedBy, jobId: job.jobId, reason: 'trained' })
  return { kind: 'wait', until: nextLook(context, canary), result: canary }
}

/** The canary's turns beside those that the model in service read at the same time. */
async function judgeCanary(context: StepContext, modelId: string, { from }: Canary): Promise<string[]> {
  const { data, models, openBuiltIn, now } = context
  const serving = await models.readServing()
  const other = serving.modelId ?? openBuiltIn().version
  const [since, until] = [new Date(from), now()]
  return judgeSignals(await data.readSignals(since, until, modelId), await data.readSignals(since, until, other))
}

function deployed(modelId: string): StepEnd {
  return { kind: 'end', state: 'deployed', outcome: { code: outcomes.deployed, reasons: [] }, result: { modelId } }
}

function failed(reason: string, result: unknown): StepEnd {
  return { kind: 'end', state: 'refused', outcome: { code: outcomes.canaryFailed, reasons: [reason] }, result }
}
