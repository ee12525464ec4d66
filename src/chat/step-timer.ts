import { Counter, Histogram } from 'prom-client'
import type { Metrics } from '#platform/metrics'
import { runInSpan } from '#platform/span'
import { type Answer, answerKinds } from './api.ts'

const steps = ['understand', 'permit', 'erp', 'render', 'total'] as const
type Step = (typeof steps)[number]

/** Milliseconds by step of one question. */
export type StepTimer = {
  measure<T>(step: Step, work: () => T | Promise<T>): Promise<T>
  finish(answer: Pick<Answer, 'kind' | 'errorCode'>): Record<string, number>
}

/** `noteFeedback` is told what somebody thought of an answer, and which model had read the question. */
export type ChatMetrics = {
  startTimer: () => StepTimer
  noteFeedback: (rating: 'up' | 'down', model: string | undefined) => void
}

/** The chat's instruments: time of each step of a question, answers by kind, and failures by code. */
export function createChatMetrics({ registry }: Metrics): ChatMetrics {
  const duration = new Histogram({
    name: 'chat_step_duration_seconds',
    help: 'Time of one step of answering a question',
    labelNames: ['step'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
    registers: [registry],
  })
  const answers = new Counter({
    name: 'chat_answers_total',
    help: 'Answers given, by kind',
    labelNames: ['kind'],
    registers: [registry],
  })
  const failures = new Counter({
    name: 'chat_failures_total',
    help: 'Questions that got no answer, by error code',
    labelNames: ['code'],
    registers: [registry],
  })
  const feedback = new Counter({
    name: 'chat_feedback_total',
    help: 'Verdicts of people on answers, by the model that read the question',
    labelNames: ['model', 'verdict'],
    registers: [registry],
  })
  // There from the start, so that the first of its kind is a rise from 0.
  for (const kind of answerKinds) answers.inc({ kind }, 0)
  for (const step of steps) duration.zero({ step })
  return {
    startTimer: () => startTimer({ duration, answers, failures }),
    noteFeedback: (rating, model = 'unknown') => feedback.inc({ model, verdict: rating === 'up' ? 'good' : 'bad' }),
  }
}

type Instruments = { duration: Histogram<'step'>; answers: Counter<'kind'>; failures: Counter<'code'> }

function startTimer({ duration, answers, failures }: Instruments): StepTimer {
  const startedAt = performance.now()
  const timing: Record<string, number> = {}
  const note = (step: Step, ms: number) => {
    timing[step] = Math.round(((timing[step] ?? 0) + ms) * 100) / 100
    duration.observe({ step }, ms / 1000)
  }
  return {
    async measure(step, work) {
      const begun = performance.now()
      try {
        return await runInSpan({ name: `chat ${step}`, kind: 'internal' }, async () => work())
      } finally {
        note(step, performance.now() - begun)
      }
    },
    finish({ kind, errorCode }) {
      note('total', performance.now() - startedAt)
      answers.inc({ kind })
      if (errorCode !== undefined) failures.inc({ code: errorCode })
      return { ...timing }
    },
  }
}
