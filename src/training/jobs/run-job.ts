import { AppError } from '#platform/errors'
import { outcomes } from '../errors.ts'
import { trainingOutcomes, trainingProgress } from '../messages.ts'
import { collect } from '../steps/collect.ts'
import { deploy } from '../steps/deploy.ts'
import { evaluate } from '../steps/evaluate.ts'
import { gate } from '../steps/gate.ts'
import { preprocess } from '../steps/preprocess.ts'
import { train } from '../steps/train.ts'
import { type Job, type JobOutcome, type Lease, type Step, steps } from './job.ts'
import type { RunStep, StepContext, TrainingDeps } from './job-context.ts'
import { type Ending, LeaseLost } from './job-store.ts'

const runners: Record<Step, RunStep> = { collect, preprocess, train, evaluate, gate, deploy }
/** A step that was begun so often and never finished takes its workers down with it. */
const mostAttempts = 3
const progressEveryMs = 1_000

/** Somebody wants the job stopped. */
export class Cancelled extends Error {}

/**
 * Works on a leased job from the first step that is not finished, until it ends, waits, or the signal gives it up; then another worker
 * goes on with it. Each step's result is kept before the next begins. A fault of the job ends it; rejects only when that cannot be kept.
 */
export async function runJob(deps: TrainingDeps, lease: Lease, signal: AbortSignal): Promise<void> {
  const job = await deps.jobs.read(lease.jobId)
  let begun: Step | undefined
  try {
    if (job.isCancelled) throw new Cancelled()
    const settings = await deps.jobs.readSettings()
    const results = new Map<Step, unknown>(job.steps.map(({ step, result }) => [step, result]))
    const finished = new Set(job.steps.flatMap(({ step, finishedAt }) => (finishedAt ? [step] : [])))
    for (const step of steps) {
      if (finished.has(step)) continue
      signal.throwIfAborted()
      begun = step
      const onProgress = createProgress(deps, lease, step)
      const resultOf = <T>(name: Step) => (results.get(name) ?? null) as T
      const goesOn = await runStep({ ...deps, job, settings, resultOf, onProgress, signal }, lease, step)
      if (!goesOn) return
      results.set(step, goesOn.result)
    }
  } catch (error) {
    if (error instanceof LeaseLost || signal.reason instanceof LeaseLost) return
    const isCancelled = error instanceof Cancelled || signal.reason instanceof Cancelled
    // The worker is closing: another one takes the job up at once.
    if (signal.aborted && !isCancelled) return await deps.jobs.release(lease, begun)
    const state = isCancelled ? 'cancelled' : 'failed'
    await endJob(deps, { job, lease }, { state, outcome: describeFault(deps, error, isCancelled) })
  }
}

/** Runs a step and keeps what it found; undefined when the job is not to go on now. */
async function runStep(context: StepContext, lease: Lease, step: Step): Promise<{ result: unknown } | undefined> {
  const { jobs, queue, job, now } = context
  const attempts = await jobs.beginStep(lease, step)
  if (attempts > mostAttempts) {
    const outcome = { code: outcomes.gaveUp, reasons: [`${step} was begun ${mostAttempts} times and never finished`] }
    await endJob(context, { job, lease }, { state: 'failed', outcome })
    return undefined
  }
  context.log.info({ 'training.job': job.jobId, 'training.step': step, attempts }, 'A training step begins')
  const tell = (state: 'begun' | 'finished') => ({ job: job.jobId, step, state })
  await queue.publish(trainingProgress, tell('begun'))
  const startedAt = performance.now()
  const end = await runners[step](context)
  context.metrics.stepDone(step, (performance.now() - startedAt) / 1000)
  if (end.kind === 'wait') {
    await jobs.wait(lease, step, end.until, end.result)
    return undefined
  }
  if (end.kind === 'done') {
    await jobs.finishStep(lease, step, end.result, async (within) => {
      await queue.publish(trainingProgress, tell('finished'), { within })
    })
    return { result: end.result }
  }
  const { state, outcome, result } = end
  await endJob(context, { job, lease }, { state, outcome, last: { step, result } })
  if (end.state === 'deployed') await context.models.removeOld(context.settings.keepModels)
  context.log.info({ 'training.job': job.jobId, code: end.outcome.code, at: now() }, 'A training job has ended')
  return undefined
}

type Ender = Pick<TrainingDeps, 'jobs' | 'models' | 'queue' | 'tellKeepers' | 'metrics' | 'now'>
type At = { job: Job; lease: Lease }

/** Ends a job, and with it what it had on trial. */
async function endJob(
  { jobs, models, queue, tellKeepers, metrics, now }: Ender,
  { job, lease }: At,
  ending: Ending,
): Promise<void> {
  const { state, outcome } = ending
  const { step, steps: known } = await jobs.read(job.jobId)
  const trained = known.find((one) => one.step === 'train')?.result
  const model = (trained as { modelId?: string } | null | undefined)?.modelId
  await jobs.end(lease, ending, async (within) => {
    await models.endTrialWithin(within, { jobId: job.jobId, reason: [outcome.code, ...outcome.reasons].join('; ') })
    if (state === 'refused')
      await tellKeepers({ kind: 'refused', id: job.jobId, model, reasons: outcome.reasons }, within)
    await queue.publish(trainingOutcomes, { job: job.jobId, state, ...outcome, ...(model && { model }) }, { within })
  })
  metrics.jobEnded(state, step, (now().getTime() - job.createdAt.getTime()) / 1000)
}

function describeFault({ log }: TrainingDeps, error: unknown, isCancelled: boolean): JobOutcome {
  if (isCancelled) return { code: outcomes.cancelled, reasons: [] }
  log.error({ err: error }, 'A training job failed')
  if (error instanceof AppError) return { code: error.spec.code, reasons: [error.sentence('en')] }
  return { code: outcomes.fault, reasons: [] }
}

/** Progress comes often; it is kept once a second. */
function createProgress({ jobs, log }: TrainingDeps, lease: Lease, step: Step): (share: number) => void {
  let lastAt = 0
  return (share) => {
    if (performance.now() - lastAt < progressEveryMs) return
    lastAt = performance.now()
    jobs
      .noteProgress(lease, step, share)
      .catch((error: unknown) => log.warn({ err: error }, 'Progress could not be kept'))
  }
}
