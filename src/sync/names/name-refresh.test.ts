import { expect, test } from 'vitest'
import { createLogger } from '#platform/log'
import { repeatRefresh } from './name-refresh.ts'

const log = createLogger({ level: 'silent', role: 'test' })

test('goes on after a failure and after another’s turn, and ends when it is closed', async () => {
  let runs = 0
  let turns = 0
  let done: () => void = () => undefined
  const third = new Promise<void>((resolve) => {
    done = resolve
  })
  const refresh = repeatRefresh({
    refresh: async () => {
      runs += 1
      if (runs === 1) throw new Error('the ERP is down')
      done()
      return { changed: [], failed: [] }
    },
    runExclusively: async (work) => {
      turns += 1
      if (turns === 2) return false
      await work()
      return true
    },
    log,
    everyMs: 1,
  })
  await third
  await refresh.close()
  const after = turns
  await new Promise((resolve) => setTimeout(resolve, 10))
  expect(turns).toBe(after)
  expect(runs).toBeGreaterThanOrEqual(2)
})

test('closing ends a refresh that is under way', async () => {
  let ended = false
  const refresh = repeatRefresh({
    refresh: (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          ended = true
          reject(signal.reason)
        })
      }),
    runExclusively: async (work) => {
      await work()
      return true
    },
    log,
    everyMs: 1,
  })
  await refresh.close()
  expect(ended).toBe(true)
})

test('is brought forward, and not begun twice', async () => {
  let runs = 0
  let go: () => void = () => undefined
  const refresh = repeatRefresh({
    refresh: async () => {
      runs += 1
      await new Promise<void>((resolve) => {
        go = resolve
      })
      return { changed: [], failed: [] }
    },
    runExclusively: async (work) => {
      await work()
      return true
    },
    log,
    everyMs: 60_000,
  })
  const settle = () => new Promise((resolve) => setTimeout(resolve, 5))
  await settle()
  refresh.now()
  await settle()
  expect(runs).toBe(1)
  go()
  await settle()
  refresh.now()
  await settle()
  expect(runs).toBe(2)
  go()
  await refresh.close()
})
