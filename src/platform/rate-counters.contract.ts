import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { RateCounters } from './rate-counters.ts'

/** What every adapter does. `create` makes counters that see what the ones before them have counted, when `isShared`. */
export function describeRateCounters(create: () => RateCounters, { isShared }: { isShared: boolean }): void {
  const newKey = () => `key ${Math.random()}`

  test('counts what is added, each key by itself', async () => {
    const counters = create()
    const [key, other] = [newKey(), newKey()]
    expect((await counters.read(key)).count).toBe(0)
    expect((await counters.add(key, 60_000)).count).toBe(1)
    expect((await counters.add(key, 60_000)).count).toBe(2)
    expect((await counters.add(other, 60_000)).count).toBe(1)
    const { count, resetMs } = await counters.read(key)
    expect(count).toBe(2)
    expect(resetMs).toBeGreaterThan(0)
    expect(resetMs).toBeLessThanOrEqual(60_000)
  })

  test('a window ends by itself and is not made longer by counting', async () => {
    const counters = create()
    const key = newKey()
    await counters.add(key, 50)
    await counters.add(key, 60_000)
    await wait(80)
    expect((await counters.read(key)).count).toBe(0)
    expect((await counters.add(key, 60_000)).count).toBe(1)
  })

  test('loses none of those that come at once', async () => {
    const counters = create()
    const key = newKey()
    const counts = await Promise.all(Array.from({ length: 100 }, () => counters.add(key, 60_000)))
    expect(counts.map(({ count }) => count).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1))
  })

  test.runIf(isShared)('replicas count together', async () => {
    const key = newKey()
    await create().add(key, 60_000)
    expect((await create().add(key, 60_000)).count).toBe(2)
  })
}
