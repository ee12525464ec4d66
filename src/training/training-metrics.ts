import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Logger } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import { type EndState, type Step, steps } from './jobs/job.ts'
import type { JobStore } from './jobs/job-store.ts'
import type { ShadowCounts } from './models/model-store.ts'
import { noCounts } from './shadow/count-difference.ts'

/** Where a job can be refused. */
const refusingSteps = ['gate', 'deploy'] as const
const ends: readonly EndState[] = ['deployed', 'refused', 'failed', 'cancelled']
const openStates = ['queued', 'running', 'waiting'] as const
const minute = 60
const jobBuckets = [10, 30, minute, 3 * minute, 10 * minute, 30 * minute, 60 * minute, 180 * minute, 1440 * minute]
const stepBuckets = [0.1, 1, 5, 15, minute, 5 * minute, 15 * minute, 60 * minute]

export type TrainingMetrics = {
  stepDone(step: Step, seconds: number): void
  /** `at`: the step that it ended in; seconds since it was asked for. */
  jobEnded(state: EndState, at: Step, seconds: number): void
  gateJudged(isPassed: boolean): void
  rolledBack(): void
}

const made = new WeakMap<Registry, TrainingMetrics>()

/** How training goes in this process; made once a registry. Zeros are there from the start, so that the first of anything is a rise. */
export function createTrainingMetrics({ registry }: Metrics): TrainingMetrics {
  const known = made.get(registry) ?? makeInstruments([registry])
  made.set(registry, known)
  return known
}

function makeInstruments(registers: Registry[]): TrainingMetrics {
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers })
  const histogram = <Label extends string>(name: string, help: string, labelNames: Label[], buckets: number[]) =>
    new Histogram({ name, help, labelNames, buckets, registers })
  const took = histogram('training_step_duration_seconds', 'Time of one step of a training job', ['step'], stepBuckets)
  const lasted = histogram(
    'training_job_duration_seconds',
    'Time from the request for a training job to its end',
    ['state'],
    jobBuckets,
  )
  const gate = counter('training_gate_total', 'New models that the gate judged, by outcome: passed, refused', [
    'outcome',
  ])
  const refusals = counter(
    'training_refusals_total',
    'New models that were refused, by the step: gate, or deploy for one on trial',
    ['step'],
  )
  const rollbacks = counter(
    'training_rollbacks_total',
    'Deployments that were rolled back because people met them worse',
    [],
  )
  for (const step of refusingSteps) refusals.inc({ step }, 0)
  for (const outcome of ['passed', 'refused']) gate.inc({ outcome }, 0)
  for (const step of steps) took.zero({ step })
  for (const state of ends) lasted.zero({ state })
  rollbacks.inc(0)
  return {
    stepDone: (step, seconds) => took.observe({ step }, seconds),
    jobEnded: (state, at, seconds) => {
      lasted.observe({ state }, seconds)
      if (state === 'refused') refusals.inc({ step: at })
    },
    gateJudged: (isPassed) => gate.inc({ outcome: isPassed ? 'passed' : 'refused' }),
    rolledBack: () => rollbacks.inc(),
  }
}

/** Shows the jobs that are open, as the database has them whenever they are asked for: every worker shows the same. */
export function measureJobs({ registry }: Metrics, jobs: Pick<JobStore, 'countOpen'>, log: Logger): void {
  let reading: Promise<void> | undefined
  const read = async () => {
    for (const one of [open, age]) one.reset()
    try {
      const { states, oldestDueS } = await jobs.countOpen()
      for (const state of openStates)
        for (const step of steps)
          open.set({ state, step }, states.find((one) => one.state === state && one.step === step)?.count ?? 0)
      age.set(oldestDueS)
    } catch (error) {
      // No figure rather than an old one.
      log.warn({ err: error }, 'The open training jobs could not be counted')
    }
  }
  // Both are shown at once, and each waits for the one reading.
  const collect = async () => {
    reading ??= read().finally(() => {
      reading = undefined
    })
    await reading
  }
  const registers = [registry]
  const open = new Gauge({
    ...{ name: 'training_jobs', help: 'Training jobs that have not ended, by state and step' },
    ...{ labelNames: ['state', 'step'], registers, collect },
  })
  const age = new Gauge({
    ...{
      name: 'training_queue_age_seconds',
      help: 'How long the oldest training job has been due that nobody works on; 0 when there is none',
    },
    ...{ registers, collect },
  })
}

/** Counts what a model on trial reads unheard in this process. */
export function countShadow({ registry }: Metrics): (counts: ShadowCounts) => void {
  const registers = [registry]
  const readings = new Counter({
    name: 'nlu_shadow_readings_total',
    help: 'Questions for a model on trial to read unheard, by outcome: read, failed, dropped for want of time',
    labelNames: ['outcome'],
    registers,
  })
  const differences = new Counter({
    name: 'nlu_shadow_differences_total',
    help: 'Readings of a model on trial that differ from what answered, by what of them: intent, query, confidence',
    labelNames: ['part'],
    registers,
  })
  const count = (counts: ShadowCounts) => {
    readings.inc({ outcome: 'read' }, counts.readings)
    readings.inc({ outcome: 'failed' }, counts.failed)
    readings.inc({ outcome: 'dropped' }, counts.dropped)
    differences.inc({ part: 'intent' }, counts.otherIntent)
    differences.inc({ part: 'query' }, counts.otherQuery)
    differences.inc({ part: 'confidence' }, counts.otherConfidence)
  }
  count(noCounts)
  return count
}
