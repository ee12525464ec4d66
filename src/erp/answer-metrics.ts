import { Counter } from 'prom-client'
import type { Metrics } from '#platform/metrics'
import type { AnswerSource } from './query-answer.ts'

/** Registers `erp_answers_total`, once a registry; returns what counts an answer by where it came from. */
export function createAnswerCounter({ registry }: Metrics): (source: AnswerSource | 'none') => void {
  const answers = new Counter({
    name: 'erp_answers_total',
    help: 'Questions answered, by where the rows came from; none: not at all',
    labelNames: ['source'],
    registers: [registry],
  })
  for (const source of ['live', 'failover', 'copy', 'none']) answers.inc({ source }, 0)
  return (source) => answers.inc({ source })
}
