import { outcomes } from '../errors.ts'
import type { RunStep } from '../jobs/job-context.ts'
import type { Evaluation } from './evaluate.ts'
import { judgeMetrics } from './judge-metrics.ts'

/** Lets a model through that loses no more than it may beside the one in service. */
export const gate: RunStep = async (context) => {
  const { now, inService, rowsOf } = context.resultOf<Evaluation>('evaluate')
  const reasons = judgeMetrics(context.gate, now, inService.metrics, rowsOf)
  context.metrics.gateJudged(reasons.length === 0)
  if (reasons.length === 0) return { kind: 'done', result: { reasons } }
  context.log.error(
    { 'training.job': context.job.jobId, reasons },
    'A new model reads worse than the one in service and was refused',
  )
  return { kind: 'end', state: 'refused', outcome: { code: outcomes.worse, reasons }, result: { reasons } }
}
