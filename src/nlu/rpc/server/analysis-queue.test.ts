import { create } from '@bufbuild/protobuf'
import { expect, test } from 'vitest'
import { AnalyzeRequestSchema } from '../../gen/nlu_pb.ts'
import { createAnalysisQueue } from './analysis-queue.ts'

const textOf = (requestId: string, text: string, more: { revision?: number; timeoutMillis?: number } = {}) =>
  create(AnalyzeRequestSchema, { requestId, text, ...more })

function takeAll(queue: ReturnType<typeof createAnalysisQueue>, now = 0): string[] {
  const texts: string[] = []
  for (let text = queue.take(now); text; text = queue.take(now)) texts.push(text.request.text)
  return texts
}

test('texts come out as they came in', () => {
  const queue = createAnalysisQueue(9, () => {})
  for (const text of ['a', 'b', 'c']) queue.add(textOf(text, text), 0)
  expect(takeAll(queue)).toEqual(['a', 'b', 'c'])
})

test('a newer text takes the place of the older in line', () => {
  const queue = createAnalysisQueue(9, () => {})
  expect(queue.add(textOf('typing', '이', { revision: 1 }), 0)).toBe('queued')
  queue.add(textOf('other', 'other'), 0)
  expect(queue.add(textOf('typing', '이번', { revision: 2 }), 0)).toBe('replaced')
  expect(takeAll(queue)).toEqual(['이번', 'other'])
})

test('an older text that comes late is not read, even when the newer one is gone', () => {
  const queue = createAnalysisQueue(9, () => {})
  queue.add(textOf('typing', '이번', { revision: 2 }), 0)
  expect(queue.add(textOf('typing', '이', { revision: 1 }), 0)).toBe('outdated')
  expect(takeAll(queue)).toEqual(['이번'])
  expect(queue.add(textOf('typing', '이', { revision: 1 }), 0)).toBe('outdated')
  expect(queue.add(textOf('typing', '이번', { revision: 2 }), 0)).toBe('outdated')
})

test('a full queue takes no more, but a newer text of one that it has', () => {
  const queue = createAnalysisQueue(2, () => {})
  queue.add(textOf('typing', '이', { revision: 1 }), 0)
  queue.add(textOf('b', 'b'), 0)
  expect(queue.add(textOf('c', 'c'), 0)).toBe('full')
  expect(queue.add(textOf('typing', '이번', { revision: 2 }), 0)).toBe('replaced')
  expect(takeAll(queue)).toEqual(['이번', 'b'])
})

test('what was refused for want of room can be asked again', () => {
  const queue = createAnalysisQueue(1, () => {})
  queue.add(textOf('b', 'b'), 0)
  expect(queue.add(textOf('typing', '이', { revision: 1 }), 0)).toBe('full')
  takeAll(queue)
  expect(queue.add(textOf('typing', '이', { revision: 1 }), 0)).toBe('queued')
})

test('what nobody waits for any more is dropped unread', () => {
  let expired = 0
  const queue = createAnalysisQueue(9, () => {
    expired += 1
  })
  queue.add(textOf('a', 'a', { timeoutMillis: 100 }), 0)
  queue.add(textOf('b', 'b', { timeoutMillis: 300 }), 0)
  queue.add(textOf('c', 'c'), 0)
  queue.add(textOf('d', 'd'), 0)
  expect(queue.withdraw('d')).toBe(true)
  expect(queue.withdraw('d')).toBe(false)
  expect(takeAll(queue, 200)).toEqual(['b', 'c'])
  expect(expired).toBe(1)
})
