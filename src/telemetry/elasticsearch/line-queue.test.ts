import { expect, test } from 'vitest'
import { createLineQueue, type QueuedLine } from './line-queue.ts'

const lineOf = (number: number): QueuedLine => ({ id: `${number}`, stream: 'app', line: 'x' })
const numbersOf = (lines: QueuedLine[]) => lines.map(({ id }) => Number(id))

test('lines that come back are at the front again, in their order, however much has gone before them', () => {
  const queue = createLineQueue({ mostBytes: 10_000_000, mostLines: 10_000 })
  for (let number = 0; number < 6_000; number += 1) expect(queue.push(lineOf(number))).toBe(true)
  const seen: number[] = []
  while (queue.waiting > 0) {
    queue.putBack(queue.take(700, Number.POSITIVE_INFINITY))
    const taken = queue.take(700, Number.POSITIVE_INFINITY)
    // As when the store was too busy for every seventh.
    const again = taken.filter((_line, index) => index % 7 === 6)
    queue.putBack(again)
    queue.release(taken.filter((line) => !again.includes(line)))
    const rest = queue.take(again.length, Number.POSITIVE_INFINITY)
    expect(rest).toEqual(again)
    queue.release(rest)
    seen.push(...numbersOf(taken))
    if (seen.length < 6_000) expect(queue.push(lineOf(10_000 + seen.length))).toBe(true)
  }
  expect(seen.slice(0, 6_000)).toEqual(Array.from({ length: 6_000 }, (_, number) => number))
  expect([queue.lines, queue.bytes]).toEqual([0, 0])
})

test('what is under way keeps its room', () => {
  const queue = createLineQueue({ mostBytes: 10_000, mostLines: 2 })
  for (const number of [1, 2]) queue.push(lineOf(number))
  const taken = queue.take(1, 1_000)
  expect(queue.push(lineOf(3))).toBe(false)
  queue.release(taken)
  expect(queue.push(lineOf(3))).toBe(true)
  expect(numbersOf(queue.take(9, 10_000))).toEqual([2, 3])
})
