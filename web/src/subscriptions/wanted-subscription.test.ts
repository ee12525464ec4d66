import { expect, test } from 'vitest'
import type { Answer } from '../../../src/chat/api.ts'
import { wantAlert, wantReport } from './wanted-subscription.ts'

const query: NonNullable<Answer['query']> = {
  entity: 'stock',
  measures: ['quantity'],
  where: [['item', 'eq', '볼베어링 6204']],
}
const answer: Answer = { kind: 'answered', language: 'ko', text: '', chips: [], prompts: [], query }
const asked = { question: 'A-100 재고', answer }

test('a report has the answer’s query and the time as cron', () => {
  expect(wantReport(asked, 'weekly', '09:05')).toMatchObject({ kind: 'report', query, cron: '5 9 * * 1' })
  expect(wantReport(asked, 'monthly', '')).toBeUndefined()
})

test('an alert has the limit as a condition, in place of one on the same measure', () => {
  const where: NonNullable<typeof query.where> = [
    ['item', 'eq', '볼베어링 6204'],
    ['quantity', 'lt', 5],
  ]
  const limited = { ...asked, answer: { ...answer, query: { ...query, where } } }
  expect(wantAlert(limited, 'lt', '1,000')?.query.where).toEqual([where[0], ['quantity', 'lt', 1000]])
  expect(wantAlert(asked, 'lt', '')).toBeUndefined()
  expect(wantAlert(asked, 'gt', '많이')).toBeUndefined()
})
