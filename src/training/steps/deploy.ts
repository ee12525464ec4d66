import { outcomes } from '../errors.ts'
import type { RunStep, StepContext, StepEnd } from '../jobs/job-context.ts'
import { judgeShadow } from '../shadow/judge-shadow.ts'
import type { Evaluation } from './evaluate.ts'
import { judgeSignals } from './judge-signals.ts'

/** What is on trial: a shadow first, then a canary, as far as the settings have them. */
type Trial = { kind: 'shadow' | 'canary'; from: string; until: string }

/** Lets the model read a share of the questions for a while, unheard and then heard, and, if nothing speaks against it, all of them. */
export const deploy: RunStep = async (context) => {
  const { models, now } = context
  const { modelId } = context.resultOf<Evaluation>('evaluate')
  const trial = context.resultOf<Trial | null>('deploy')
  const serving = await models.readServing()
  if (serving.modelId === modelId) return deployed(modelId)
  if (trial !== null) {
    const onTrial = trial.kind === 'shadow' ? serving.shadowId : serving.canaryId
    if (onTrial !== modelId) return takenOff(trial)
    const isOver = now().getTime() >= Date.parse(trial.until)
    const reasons = await judgeTrial(context, modelId, trial)
    if (reasons.length > 0) {
      context.log.error(
        { model: modelId, reasons },
        'A model on trial did worse than the one in service and is withdrawn',
      )
      return refused(trial, reasons)
    }
    if (!isOver) return { kind: 'wait', until: nextLook(context, trial), result: trial }
  }
  const next = nextTrial(context, trial)
  return next ? await startTrial(context, modelId, next) : await deployFully(context, modelId, serving.modelId)
}

/** The trial that comes after this one, with its share and time. */
function nextTrial({ settings }: StepContext, done: Trial | null): NewTrial | undefined {
  const { shadowShare, shadowS, canaryShare, canaryS } = settings
  const trials: NewTrial[] = [
    { kind: 'shadow', share: shadowShare, seconds: shadowS },
    { kind: 'canary', share: canaryShare, seconds: canaryS },
  ]
  const left = trials.slice(done === null ? 0 : trials.findIndex(({ kind }) => kind === done.kind) + 1)
  return left.find(({ share, seconds }) => share > 0 && seconds > 0)
}

type NewTrial = { kind: Trial['kind']; share: number; seconds: number }

async function deployFully(context: StepContext, modelId: string, replaced: string | null): Promise<StepEnd> {
  const { models, settings, now, audit } = context
  const watchUntil = new Date(now().getTime() + settings.watchS * 1000)
  const { jobId, requestedBy: by } = context.job
  const details = { model: modelId, replaced: replaced ?? 'built-in', job: jobId }
  const entry = { actorId: by, action: 'training.deploy', outcome: 'ok' as const, ip: null, details }
  await models.deploy({ modelId, by, jobId, reason: 'trained', watchUntil }, (trx) => audit.recordWith(trx, entry))
  return deployed(modelId)
}

const looksOfTrial = 10

function nextLook({ now }: StepContext, { from, until }: Trial): Date {
  const end = Date.parse(until)
  return new Date(Math.min(end, now().getTime() + (end - Date.parse(from)) / looksOfTrial))
}

async function startTrial(context: StepContext, modelId: string, { kind, share, seconds }: NewTrial): Promise<StepEnd> {
  const { models, now, job } = context
  const [from, until] = [now(), new Date(now().getTime() + seconds * 1000)]
  const trial: Trial = { kind, from: from.toISOString(), until: until.toISOString() }
  await models.startTrial({ kind, modelId, share, by: job.requestedBy, jobId: job.jobId, reason: 'trained' })
  return { kind: 'wait', until: nextLook(context, trial), result: trial }
}

/** A shadow by how often it read otherwise; a canary's turns beside those that the model in service read at the same time. */
async function judgeTrial(context: StepContext, modelId: string, { kind, from }: Trial): Promise<string[]> {
  const { data, models, openBuiltIn, now } = context
  if (kind === 'shadow') return judgeShadow(context.gate, (await models.readTrial())?.shadow ?? null)
  const serving = await models.readServing()
  const other = serving.modelId ?? openBuiltIn().version
  const [since, until] = [new Date(from), now()]
  return judgeSignals(await data.readSignals(since, until, modelId), await data.readSignals(since, until, other))
}

function deployed(modelId: string): StepEnd {
  return { kind: 'end', state: 'deployed', outcome: { code: outcomes.deployed, reasons: [] }, result: { modelId } }
}

/** Somebody ended the trial, or put another model in service meanwhile: that says nothing against this one. */
function takenOff(trial: Trial): StepEnd {
  return { kind: 'end', state: 'cancelled', outcome: { code: outcomes.trialEnded, reasons: [] }, result: trial }
}

/** The trial ends with the job. */
function refused(trial: Trial, reasons: string[]): StepEnd {
  const code = trial.kind === 'shadow' ? outcomes.shadowFailed : outcomes.canaryFailed
  return { kind: 'end', state: 'refused', outcome: { code, reasons: [reasons.join('; ')] }, result: trial }
}
