import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { statusSchema } from './api.ts'
import { type Dependency, type DependencyWatch, watchDependencies } from './watch-dependencies.ts'

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-11-28T00:00:00Z') }))
let watch: DependencyWatch | undefined
afterEach(() => {
  watch?.[Symbol.dispose]()
  vi.useRealTimers()
})

function start(dependencies: Dependency[], paces = {}) {
  const lines: Record<string, unknown>[] = []
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) }
  const metrics = createMetrics()
  const log = createLogger({ level: 'info', role: 'http', destination })
  watch = watchDependencies({ dependencies, metrics, log }, paces)
  const stateOf = (name: string) => watch?.status().dependencies.find((one) => one.name === name)
  return { watch, lines, stateOf, metrics }
}

test('what goes is told once, with since when and what that means, and what comes back, too', async () => {
  let isUp = true
  const look = async () => {
    if (!isUp) throw Object.assign(new Error('password=hush'), { code: 'ECONNREFUSED' })
  }
  const { watch, lines, stateOf } = start([{ name: 'identity', look }])
  expect(stateOf('identity')).toMatchObject({ state: 'unknown' })
  await vi.advanceTimersByTimeAsync(1)
  expect(stateOf('identity')).toMatchObject({ state: 'up', since: '2026-11-28T00:00:00.000Z' })
  isUp = false
  await vi.advanceTimersByTimeAsync(45_000)
  expect(stateOf('identity')).toMatchObject({
    state: 'down',
    since: '2026-11-28T00:00:15.000Z',
    reason: 'ECONNREFUSED',
  })
  expect(stateOf('identity')?.effect.ko).toContain('로그인')
  expect(watch.status().state).toBe('partly')
  isUp = true
  await vi.advanceTimersByTimeAsync(15_000)
  expect(stateOf('identity')).toMatchObject({ state: 'up', since: '2026-11-28T00:01:00.000Z' })
  expect(stateOf('identity')).not.toHaveProperty('reason')
  expect(lines.map((line) => [line.message, line['dependency.state']])).toEqual([
    ['A dependency does not answer', 'down'],
    ['A dependency is back', 'up'],
  ])
  expect(JSON.stringify([lines, watch.status()])).not.toContain('hush')
  expect(statusSchema.parse(watch.status())).toEqual(watch.status())
})

test('a look that hangs is down after its deadline, and is not started again while it hangs', async () => {
  let looks = 0
  const look = () => {
    looks += 1
    return new Promise<void>(() => undefined)
  }
  const { watch, stateOf } = start([{ name: 'database', look }], { deadlineMs: 100, everyMs: 20 })
  await vi.advanceTimersByTimeAsync(60)
  expect(stateOf('database')?.state).toBe('unknown')
  vi.useRealTimers()
  await vi.waitFor(() => expect(stateOf('database')).toMatchObject({ state: 'down', reason: 'NO_ANSWER' }), {
    timeout: 5_000,
  })
  expect(looks).toBe(1)
  expect(watch.status().state).toBe('down')
})

test('of several servers some may be down; what is not configured says what stands in', async () => {
  const servers = [
    { name: 'a', state: 'down', breaker: 'open' },
    { name: 'b', state: 'up' },
  ] as const
  const { watch, stateOf, metrics } = start([{ name: 'erp', look: async () => [...servers] }, { name: 'redis' }])
  await vi.advanceTimersByTimeAsync(1)
  expect(stateOf('erp')).toMatchObject({ state: 'partly', parts: servers })
  expect(stateOf('redis')).toMatchObject({ state: 'absent', parts: [] })
  expect(stateOf('redis')?.effect.en).toContain('Not configured')
  expect(watch.status().state).toBe('partly')
  const { values } = (await metrics.registry.getSingleMetric('dependency_up')?.get()) ?? { values: [] }
  expect(values).toMatchObject([{ value: 0.5, labels: { dependency: 'erp' } }])
})
