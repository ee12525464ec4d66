import type { TrainingDeps } from './jobs/job-context.ts'
import { judgeSignals } from './steps/judge-signals.ts'

type WatchDeps = Pick<
  TrainingDeps,
  'models' | 'data' | 'audit' | 'tellKeepers' | 'metrics' | 'log' | 'now' | 'openBuiltIn'
>

/**
 * Looks at what people have met since the model in service was deployed, and takes it back when that is worse than what they met in the same
 * time before, of the model it replaced. Only within the deployment's time to be watched. Returns why, if it did.
 */
export async function watchDeployment(deps: WatchDeps): Promise<string[]> {
  const { models, data, audit, tellKeepers, metrics, log, now, openBuiltIn } = deps
  const watched = await models.readWatched()
  if (!watched?.watchUntil || watched.watchUntil < now()) return []
  const span = watched.watchUntil.getTime() - watched.deployedAt.getTime()
  const earlier = new Date(watched.deployedAt.getTime() - span)
  const nameOf = (modelId: string | null) => modelId ?? openBuiltIn().version
  const since = await data.readSignals(watched.deployedAt, now(), nameOf(watched.modelId))
  const before = await data.readSignals(earlier, watched.deployedAt, nameOf(watched.replaced))
  const reasons = judgeSignals(since, before)
  if (reasons.length === 0) return []
  const details = { model: watched.modelId ?? 'built-in', back: watched.replaced ?? 'built-in' }
  const entry = { actorId: null, action: 'training.rollback', outcome: 'ok' as const, ip: null, details }
  const isTaken = await models.takeBack(watched, reasons.join('; '), async (trx) => {
    await audit.recordWith(trx, entry)
    await tellKeepers({ kind: 'rolled-back', id: watched.deploymentId, model: details.model, reasons }, trx)
  })
  if (!isTaken) return []
  metrics.rolledBack()
  log.error({ ...details, reasons }, 'A deployment met people worse than what it replaced and was rolled back')
  return reasons
}

/** Watches deployments from now on, every `everyMs`, whatever else this process does; a look that fails is logged and tried again. */
export function startWatch(deps: WatchDeps & { everyMs: number }): AsyncDisposable & { close(): Promise<void> } {
  let isClosed = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<unknown> = look()
  async function look(): Promise<void> {
    await watchDeployment(deps).catch((error: unknown) =>
      deps.log.error({ err: error }, 'The deployment in service could not be looked at; it is tried again'),
    )
    if (isClosed) return
    timer = setTimeout(() => {
      running = look()
    }, deps.everyMs)
    timer.unref()
  }
  const close = async () => {
    isClosed = true
    clearTimeout(timer)
    await running
  }
  return { close, [Symbol.asyncDispose]: close }
}
