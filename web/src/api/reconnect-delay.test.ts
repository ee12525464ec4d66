import { expect, test } from 'vitest'
import { reconnectDelayMs } from './reconnect-delay.ts'

test('grows, has a ceiling, and keeps at least half', () => {
  expect([0, 1, 2, 3].map((n) => reconnectDelayMs(n, 1))).toEqual([500, 1000, 2000, 4000])
  expect(reconnectDelayMs(50, 1)).toBe(15_000)
  expect(reconnectDelayMs(50, 0)).toBe(7500)
})
