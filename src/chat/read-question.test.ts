import { expect, test } from 'vitest'
import { languageOf, readQuestion } from './read-question.ts'

test.each([
  ['', 'QUESTION_EMPTY'],
  ['  \n\t ', 'QUESTION_EMPTY'],
  ['?!…', 'QUESTION_EMPTY'],
  ['\u200b\u2060', 'QUESTION_EMPTY'],
  ['가'.repeat(1001), 'QUESTION_TOO_LONG'],
  ['a'.repeat(10_000), 'QUESTION_TOO_LONG'],
  ['매출\u0000', 'QUESTION_UNREADABLE'],
  ['\u001b[31m매출', 'QUESTION_UNREADABLE'],
  ['매출 \ud800', 'QUESTION_UNREADABLE'],
  ['매출\uffff', 'QUESTION_UNREADABLE'],
])('%j is %s', (text, code) => {
  expect(() => readQuestion(text)).toThrow(expect.objectContaining({ spec: expect.objectContaining({ code }) }))
})

test('a question becomes one composed line without invisible marks', () => {
  expect(readQuestion('  이번\n달\t 매\u200b출 ')).toBe('이번 달 매출')
  expect(readQuestion('매출'.normalize('NFD'))).toBe('매출')
  expect(readQuestion('가'.repeat(1000))).toHaveLength(1000)
})

test.each([
  ['이번 달 sales', 'en', 'ko'],
  ['sales this month', 'ko', 'en'],
  ['A-100', 'ko', 'ko'],
  ['A-100', 'en', 'en'],
  ['SO-2026-00123', 'ko', 'ko'],
  ['R&D', 'ko', 'ko'],
  ['2026', 'en', 'en'],
  ['“Hanbit” stock?', 'ko', 'en'],
] as const)('%s beside an interface in %s is answered in %s', (text, fallback, expected) => {
  expect(languageOf(text, fallback)).toBe(expected)
})
