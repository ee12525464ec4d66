import { expect, test } from 'vitest'
import { titleOf } from './conversation-title.ts'

test.each([
  ['이번 달 매출 얼마야?', '이번 달 매출 얼마야?'],
  ['  이번 달\n매출  얼마야? ', '이번 달 매출 얼마야?'],
  [
    'Sales by category last month compared with the same period last year',
    'Sales by category last month compared with the same period…',
  ],
  ['가'.repeat(80), `${'가'.repeat(59)}…`],
  [`${'😀'.repeat(61)}`, `${'😀'.repeat(59)}…`],
])('%s', (question, title) => {
  expect(titleOf(question)).toBe(title)
  expect([...titleOf(question)].length).toBeLessThanOrEqual(60)
})
