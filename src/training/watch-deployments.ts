import type { TrainingDeps } from './jobs/job-context.ts'
import { judgeSignals } from './steps/judge-signals.ts'

/**
 * Looks at what people meet since the last deployment, and takes it back when that is worse than in the same time before. Only within
 * the deployment's time to be watched. Returns why, if it did.
 */
export async function watchDeployment(
  deps: Pick<TrainingDeps, 'models' | 'data' | 'audit' | 'log' | 'now' | 'openBuiltIn'>,
): Promise<string[]> {
  const { models, data, audit, log, now, openBuiltIn } = deps
  const [last] = (await models.listDeployments(10)).filter(({ kind }) => kind === 'full' || kind === 'rollback')
  if (last?.kind !== 'full' || !last.watchUntil || last.watchUntil < now()) return []
  const span = last.watchUntil.getTime() - last.deployedAt.getTime()
  const earlier = new Date(last.deployedAt.getTime() - span)
  const nameOf = (modelId: string | null) => modelId ?? openBuiltIn().version
  const since = await data.readSignals(last.deployedAt, now(), nameOf(last.modelId))
  const before = await data.readSignals(earlier, last.deployedAt, nameOf(last.replaced))
  const reasons = judgeSignals(since, before)
  if (reasons.length === 0) return []
  const details = { model: last.modelId ?? 'built-in', back: last.replaced ?? 'built-in' }
  const entry = { actorId: null, action: 'training.rollback', outcome: 'ok' as const, ip: null, details }
  await models.rollback({ by: null, reason: reasons.join('; ') }, (trx) => audit.recordWith(trx, entry))
  log.error({ model: last.modelId, reasons }, 'A deployment met people worse than what it replaced and was rolled back')
  return reasons
}
