import type { Answer } from '../../../src/chat/api.ts'
import type { NewSubscription } from '../../../src/subscriptions/api.ts'

export const dayChoices = ['daily', 'weekdays', 'weekly', 'monthly'] as const
export type DayChoice = (typeof dayChoices)[number]
export type Comparison = 'lt' | 'gt'

const days: Record<DayChoice, string> = { daily: '* * *', weekdays: '* * 1-5', weekly: '* * 1', monthly: '1 * *' }

type Asked = { question: string; answer: Answer }

/** The answer as a report: `time` is HH:MM. Undefined when there is nothing to ask again. */
export function wantReport({ question, answer }: Asked, day: DayChoice, time: string): NewSubscription | undefined {
  const [hour, minute] = time.split(':').map(Number)
  if (!answer.query || hour === undefined || minute === undefined) return undefined
  const cron = `${minute} ${hour} ${days[day]}`
  return { kind: 'report', query: answer.query, question, language: answer.language, cron }
}

/** The answer's number as an alert. Undefined when there is none, or the limit is no number. */
export function wantAlert(
  { question, answer }: Asked,
  comparison: Comparison,
  limit: string,
): NewSubscription | undefined {
  const { query } = answer
  const [measure] = query?.measures ?? []
  const value = Number(limit.replaceAll(',', ''))
  if (!query || measure === undefined || limit.trim() === '' || !Number.isFinite(value)) return undefined
  const { entity, measures, where = [], period } = query
  const rest = where.filter(([field]) => field !== measure)
  return {
    kind: 'alert',
    query: { entity, measures, where: [...rest, [measure, comparison, value]], ...(period && { period }) },
    question,
    language: answer.language,
  }
}
