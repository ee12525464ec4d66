import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPacing } from './pacing.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

test('after a pause those that wait go on in order', async () => {
  const pacing = createPacing(1)
  pacing.pause(1_000)
  const entered: string[] = []
  const enter = async (name: string) => {
    if (await pacing.enter(10_000)) entered.push(name)
    pacing.leave()
  }
  const both = [enter('first'), enter('second')]
  await vi.advanceTimersByTimeAsync(999)
  expect(entered).toEqual([])
  await vi.advanceTimersByTimeAsync(2)
  await Promise.all(both)
  expect(entered).toEqual(['first', 'second'])
})

test('closing lets go of who waits, and leaves no timer behind', async () => {
  const pacing = createPacing(1)
  pacing.pause(3_600_000)
  const waiting = pacing.enter(7_200_000)
  await vi.advanceTimersByTimeAsync(10)
  expect(vi.getTimerCount()).toBeGreaterThan(0)
  pacing.close()
  expect(await waiting).toBe(false)
  // A reply to what was under way.
  pacing.pause(3_600_000)
  pacing.leave()
  expect(vi.getTimerCount()).toBe(0)
  expect(await pacing.enter(7_200_000)).toBe(false)
})
