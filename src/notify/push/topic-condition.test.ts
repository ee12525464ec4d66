import { expect, test } from 'vitest'
import { AppError } from '#platform/errors'
import { readCondition } from './topic-condition.ts'

const topic = (name: string) => ({ kind: 'topic', topic: name })
const codeOf = (text: string) => {
  try {
    return JSON.stringify(readCondition(text))
  } catch (error) {
    return error instanceof AppError ? error.message : String(error)
  }
}

test.each([
  ["'a' in topics", topic('a')],
  ["  ( 'a'  in topics )", topic('a')],
  ["'a' in topics&&'b' in topics", { kind: 'and', of: [topic('a'), topic('b')] }],
  [
    "'a' in topics || 'b' in topics && 'c' in topics",
    { kind: 'or', of: [topic('a'), { kind: 'and', of: [topic('b'), topic('c')] }] },
  ],
  [
    "'a' in topics && ('b' in topics || !('c' in topics))",
    { kind: 'and', of: [topic('a'), { kind: 'or', of: [topic('b'), { kind: 'not', of: topic('c') }] }] },
  ],
])('%s', (text, expected) => {
  expect(readCondition(text)).toEqual(expected)
})

test.each([
  '',
  'a in topics',
  "'a' in topic",
  "'a' in topicsx",
  "'a' in topics &&",
  "'a' in topics & 'b' in topics",
  "'a' in topics 'b' in topics",
  "('a' in topics",
  "'a' in topics)",
  "'재고' in topics",
  "'a'' or ''1''=''1' in topics",
  "'a' in topics; drop table push_devices",
  `${'('.repeat(11)}'a' in topics${')'.repeat(11)}`,
  `${'!'.repeat(1_000)}'a' in topics`,
  `'a' in topics${' '.repeat(1_200)}`,
])('is no condition: %s', (text) => {
  expect(codeOf(text)).toBe('PUSH_CONDITION_INVALID')
})

test('names five topics at most', () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `'t${index}' in topics`).join(' || ')
  expect(codeOf(names(5))).toContain('"t4"')
  expect(codeOf(names(6))).toBe('PUSH_CONDITION_TOO_LONG')
})
