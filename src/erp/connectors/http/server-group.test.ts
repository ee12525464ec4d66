import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLogger } from '#platform/log'
import { standardLimits } from './call-limits.ts'
import { CallError, type HttpReply } from './call-server.ts'
import { ServerLost } from './retry-call.ts'
import { createServerGroup, type Server } from './server-group.ts'
import { listServers } from './server-urls.ts'

const log = createLogger({ level: 'silent', role: 'test' })
const restMs = 1_000
const answers = async (): Promise<HttpReply> => ({ status: 200, headers: {}, text: '' })
const hangs = async (): Promise<HttpReply> => {
  throw new CallError('timeout')
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function open() {
  const state = { probes: [] as string[], answers: false }
  const limits = { ...standardLimits, breakAfter: 3 }
  const [primary, standby] = listServers(['http://127.0.0.1:1/', 'http://127.0.0.1:2/'], '/', limits) as [
    Server,
    Server,
  ]
  const probe = async ({ name, breaker }: Server) => {
    state.probes.push(name)
    await breaker.test(state.answers ? answers : hangs)
  }
  const group = createServerGroup({ servers: [primary, standby], probe, restMs, log, now: () => new Date() })
  const names = () => group.inOrder().map(({ name }) => name)
  const breakOpen = async (server: Server) => {
    for (let i = 0; i < 3; i += 1) await server.breaker.run(hangs).catch(() => undefined)
  }
  return { state, group, names, primary, standby, breakOpen }
}

test('the primary goes first, until it is lost', () => {
  const { group, names, primary } = open()
  expect(names()).toEqual(['primary', 'standby'])
  expect(group.status().state).toBe('live')
  group.reportLost(primary)
  expect(names()).toEqual(['standby', 'primary'])
  expect(group.status().state).toBe('failover')
})

test('with none left all are still tried', () => {
  const { group, names, primary, standby } = open()
  group.reportLost(primary)
  group.reportLost(standby)
  expect(names()).toEqual(['primary', 'standby'])
  expect(group.status()).toMatchObject({ state: 'down', servers: [{ state: 'down' }, { state: 'down' }] })
  group.reportUp(standby)
  expect(names()).toEqual(['standby', 'primary'])
})

test('a lost primary is asked again after each rest, without any traffic, and is back when it answers', async () => {
  const { group, names, primary, state } = open()
  group.reportLost(primary)
  await vi.advanceTimersByTimeAsync(restMs - 1)
  expect(state.probes).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(state.probes).toEqual(['primary'])
  expect(names()).toEqual(['standby', 'primary'])
  state.answers = true
  await vi.advanceTimersByTimeAsync(restMs)
  expect(names()).toEqual(['primary', 'standby'])
  expect(group.status().state).toBe('live')
  await vi.advanceTimersByTimeAsync(10 * restMs)
  expect(state.probes).toEqual(['primary', 'primary'])
})

test('calls that fail meanwhile do not put the next probe off', async () => {
  const { group, primary, state } = open()
  for (let i = 0; i < 4; i += 1) {
    group.reportLost(primary)
    await vi.advanceTimersByTimeAsync(restMs / 4)
  }
  expect(state.probes).toEqual(['primary'])
})

test('a primary that times out again and again is left alone, and the standby answers', async () => {
  const { group, names, primary, breakOpen } = open()
  await breakOpen(primary)
  expect(names()).toEqual(['standby'])
  expect(group.status()).toMatchObject({ state: 'failover', servers: [{ state: 'down', breaker: 'open' }, {}] })
  // A call from before that ends well at last does not end the probes.
  group.reportUp(primary)
  expect(names()).toEqual(['standby'])
})

test('with both left alone nobody is asked, and the reason is known', async () => {
  const { group, names, primary, standby, breakOpen } = open()
  await breakOpen(primary)
  await breakOpen(standby)
  expect(names()).toEqual([])
  expect(group.isTimeout()).toBe(true)
  expect(group.status().state).toBe('down')
})

test('a probe that is answered closes the breaker, on probation', async () => {
  const { group, names, primary, breakOpen, state } = open()
  await breakOpen(primary)
  state.answers = true
  await vi.advanceTimersByTimeAsync(restMs)
  expect(names()).toEqual(['primary', 'standby'])
  expect(group.status().servers[0]).toMatchObject({ state: 'up', breaker: 'closed' })
  await primary.breaker.run(hangs).catch(() => undefined)
  expect(names()).toEqual(['standby'])
  await vi.advanceTimersByTimeAsync(restMs)
  expect(names()).toEqual(['primary', 'standby'])
})

test('a server that asks to be left alone is, for as long as it says', async () => {
  const { group, names, primary, state } = open()
  group.reportLost(primary, new ServerLost('status 503', { retryAfterMs: 5_000 }))
  await vi.advanceTimersByTimeAsync(4_999)
  expect(names()).toEqual(['standby'])
  expect(state.probes).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(state.probes).toEqual(['primary'])
  expect(names()).toEqual(['standby', 'primary'])
})

test('nothing is asked once it is closed', async () => {
  const { group, primary, state } = open()
  group.reportLost(primary)
  group.close()
  group.reportLost(primary)
  await vi.advanceTimersByTimeAsync(10 * restMs)
  expect(state.probes).toEqual([])
})
