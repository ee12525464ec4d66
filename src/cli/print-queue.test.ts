import { expect, test } from 'vitest'
import { printLetter, printLetters, printOutcome } from './print-queue.ts'

const letter = {
  letter: '6a83952c-0d0e-4c1a-9a3e-2f6d3e6d3a01',
  queue: 'notify.email',
  reason: 'Greylisted\u001b[2J twice',
  deliveries: 13,
  diedAt: '2026-11-23T05:00:00.000Z',
}
const counts = { queues: [{ queue: 'notify.email', letters: 1, oldestAt: letter.diedAt }] }

test('each queue has its count, each letter its line, and nothing moves the cursor', () => {
  const text = printLetters({ ...counts, letters: [letter] }, 'en')
  expect(text).toMatch(/notify\.email +1 /)
  expect(text).toContain('6a83952c-0d0e-4c1a-9a3e-2f6d3e6d3a01')
  expect(text).toContain('13  Greylisted [2J twice')
  expect(text).not.toContain('first 100')
  expect(printLetters({ ...counts, letters: [letter], next: 'x' }, 'ko')).toContain('100건까지만')
  expect(printLetters({ queues: [], letters: [] }, 'ko')).toBe('처리하지 못한 메시지가 없어요.')
})

test('one letter is shown with its message and trace', () => {
  const text = printLetter({ ...letter, message: { body: { name: '•••' } }, traceId: 'ab' }, 'ko')
  expect(text).toContain('추적 번호  ab')
  expect(text).toContain('"name": "•••"')
})

test('what was done says how many are left', () => {
  expect(printOutcome({ done: 1000, left: 20 }, 'replay', 'en')).toBe('replayed: 1000, left: 20')
})
