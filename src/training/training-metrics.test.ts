import { expect, test } from 'vitest'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { noCounts } from './shadow/count-difference.ts'
import { countShadow, createTrainingMetrics, measureJobs } from './training-metrics.ts'

const log = createLogger({ level: 'silent', role: 'test' })

/** The value of a series as /metrics shows it; undefined when there is none. */
async function shown({ registry }: ReturnType<typeof createMetrics>, series: string): Promise<number | undefined> {
  const line = (await registry.metrics()).split('\n').find((one) => one.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length + 1))
}

test('what can be counted is there with a zero from the start, so that the first is a rise', async () => {
  const metrics = createMetrics()
  const training = createTrainingMetrics(metrics)
  expect(createTrainingMetrics(metrics)).toBe(training)
  const series = [
    'training_refusals_total{step="gate"}',
    'training_rollbacks_total',
    'training_gate_total{outcome="refused"}',
  ]
  for (const one of series) expect([one, await shown(metrics, one)]).toEqual([one, 0])
  expect(await shown(metrics, 'training_job_duration_seconds_count{state="failed"}')).toBe(0)
  training.gateJudged(false)
  training.jobEnded('refused', 'gate', 70)
  training.jobEnded('failed', 'train', 70)
  training.rolledBack()
  for (const one of series) expect([one, await shown(metrics, one)]).toEqual([one, 1])
  expect(await shown(metrics, 'training_job_duration_seconds_bucket{le="180",state="refused"}')).toBe(1)
  expect(await shown(metrics, 'training_job_duration_seconds_count{state="failed"}')).toBe(1)
})

test('jobs are shown as the database has them, and not at all while it is away', async () => {
  const metrics = createMetrics()
  let isAway = false
  const countOpen = async () => {
    if (isAway) throw new Error('away')
    return { states: [{ state: 'waiting', step: 'deploy', count: 2 }], oldestDueS: 7 }
  }
  measureJobs(metrics, { countOpen }, log)
  expect(await shown(metrics, 'training_jobs{state="waiting",step="deploy"}')).toBe(2)
  expect(await shown(metrics, 'training_jobs{state="queued",step="collect"}')).toBe(0)
  expect(await shown(metrics, 'training_queue_age_seconds')).toBe(7)
  isAway = true
  expect(await shown(metrics, 'training_jobs{state="waiting",step="deploy"}')).toBeUndefined()
})

test('readings in shadow are counted by how they went and how they differed', async () => {
  const metrics = createMetrics()
  const count = countShadow(metrics)
  expect(await shown(metrics, 'nlu_shadow_readings_total{outcome="dropped"}')).toBe(0)
  count({ ...noCounts, readings: 3, failed: 1, dropped: 2, otherQuery: 2 })
  expect(await shown(metrics, 'nlu_shadow_readings_total{outcome="read"}')).toBe(3)
  expect(await shown(metrics, 'nlu_shadow_readings_total{outcome="dropped"}')).toBe(2)
  expect(await shown(metrics, 'nlu_shadow_differences_total{part="query"}')).toBe(2)
})
