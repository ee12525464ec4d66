import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { AppError } from '#platform/errors'
import { standardLimits } from './call-limits.ts'
import type { Server } from './server-group.ts'
import { listServers } from './server-urls.ts'
import { createTurns } from './turns.ts'

const limits = { ...standardLimits, concurrent: 2, waiting: 2, attemptMs: 1_000 }
const [server, other] = listServers(['http://127.0.0.1:1/', 'http://127.0.0.1:2/'], '/', limits) as [Server, Server]
const { signal } = new AbortController()

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function open() {
  const turns = createTurns(limits)
  const take = (at = server, own = signal) => turns.take(at, performance.now() + 10_000, own)
  const code = (taken: Promise<unknown>) =>
    taken.then(
      () => 'taken',
      (error: unknown) => (error instanceof AppError ? error.spec.code : error),
    )
  return { turns, take, code }
}

describe('places', () => {
  test('are given in order as they come free, each server its own', async () => {
    const { turns, take } = open()
    const [leave] = await Promise.all([take(), take()])
    const order: string[] = []
    const third = take().then((free) => {
      order.push('third')
      return free
    })
    const fourth = take().then(() => order.push('fourth'))
    await take(other)
    await vi.advanceTimersByTimeAsync(500)
    expect([order, turns.waiting(server)]).toEqual([[], 2])
    leave()
    const leaveThird = await third
    expect(order).toEqual(['third'])
    leaveThird()
    await fourth
    expect(turns.waiting(server)).toBe(0)
  })

  test('are waited for by so many only', async () => {
    const { take, code } = open()
    for (let i = 0; i < 4; i += 1) take().catch(() => undefined)
    expect(await code(take())).toBe('ERP_RATE_LIMITED')
  })

  test('are waited for as long as an attempt takes', async () => {
    const { turns, take, code } = open()
    const [leave] = await Promise.all([take(), take()])
    const late = code(take())
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await late).toBe('ERP_RATE_LIMITED')
    expect(turns.waiting(server)).toBe(0)
    leave()
    expect(await code(take())).toBe('taken')
  })

  test('are not kept for who gave up', async () => {
    const { turns, take, code } = open()
    await Promise.all([take(), take()])
    const impatient = new AbortController()
    const left = code(take(server, impatient.signal))
    impatient.abort('gone')
    expect(await left).toBe('gone')
    expect(turns.waiting(server)).toBe(0)
  })
})

describe('a pause', () => {
  test('holds for all servers, and is waited for when it is short', async () => {
    const { turns, take, code } = open()
    turns.pause(600)
    let taken = 0
    const both = [take(), take(other)].map((turn) => turn.then(() => (taken += 1)))
    await vi.advanceTimersByTimeAsync(599)
    expect(taken).toBe(0)
    await vi.advanceTimersByTimeAsync(2)
    await Promise.all(both)
    turns.pause(1_001)
    expect(await code(take())).toBe('ERP_RATE_LIMITED')
  })

  test('that begins while calls wait for places holds for them', async () => {
    const { turns, take, code } = open()
    const [leave] = await Promise.all([take(), take()])
    const waits = code(take())
    turns.pause(60_000)
    leave()
    expect(await waits).toBe('ERP_RATE_LIMITED')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await code(take())).toBe('taken')
  })

  test('of a year is not believed', async () => {
    const { turns, take, code } = open()
    turns.pause(365 * 24 * 3_600_000)
    expect(await code(take())).toBe('ERP_RATE_LIMITED')
    await vi.advanceTimersByTimeAsync(5 * 60_000)
    expect(await code(take())).toBe('taken')
  })
})
