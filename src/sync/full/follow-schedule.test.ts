import { expect, test } from 'vitest'
import { AppError } from '#platform/errors'
import { createLogger } from '#platform/log'
import { fullSyncErrors } from './errors.ts'
import { followSchedule } from './follow-schedule.ts'
import type { RunRequest, SyncRun } from './sync-run.ts'

const log = createLogger({ level: 'silent', role: 'test' })
const now = () => new Date('2026-11-28T17:00:00Z')
const request: RunRequest = { trigger: 'schedule', entities: ['item'], isForced: false, isWhole: true }
const runOf = (state: SyncRun['state'], startedAt = '2026-11-28T16:00:00Z'): SyncRun => ({
  ...request,
  ...{ run: 'r1', state, startedAt, entities: [] },
})

/** Follows until `looks` looks are over; tells what was worked on, ended and how often a run ended well. */
async function follow(options: {
  active?: SyncRun
  due?: RunRequest
  open?: () => Promise<SyncRun>
  work?: (run: SyncRun, signal: AbortSignal) => Promise<boolean>
  hasTurn?: boolean
}) {
  const { active, due, hasTurn = true } = options
  const seen = { worked: [] as string[], ended: [] as unknown[], done: 0 }
  let looks = 0
  let finish: () => void = () => undefined
  const twice = new Promise<void>((resolve) => {
    finish = resolve
  })
  const sync = followSchedule({
    runs: {
      findActive: async () => (looks === 1 ? active : undefined),
      open: options.open ?? (async () => runOf('requested')),
      end: async (...end) => void seen.ended.push(end),
    },
    findWork: async () => (looks === 1 ? due : undefined),
    work: async (run, signal) => {
      seen.worked.push(run.state)
      return (await options.work?.(run, signal)) ?? true
    },
    onEnd: () => {
      seen.done += 1
    },
    runExclusively: async (work) => {
      looks += 1
      if (looks === 3) finish()
      if (hasTurn) await work()
      return hasTurn
    },
    log,
    now,
    everyMs: 1,
  })
  await twice
  await sync.close()
  return seen
}

test('works on what was asked for, on what was left behind, and on what is due', async () => {
  expect(await follow({ active: runOf('requested') })).toEqual({ worked: ['requested'], ended: [], done: 1 })
  expect(await follow({ active: runOf('running') })).toMatchObject({ worked: ['running'] })
  expect(await follow({ due: request })).toMatchObject({ worked: ['requested'] })
  expect(await follow({})).toEqual({ worked: [], ended: [], done: 0 })
})

test('gives up what was left behind for a day', async () => {
  const seen = await follow({ active: runOf('running', '2026-11-27T16:59:59Z') })
  expect(seen).toEqual({ worked: [], ended: [['r1', 'failed', 'SYNC_ABANDONED']], done: 0 })
})

test('does nothing while another has the turn', async () => {
  expect(await follow({ active: runOf('requested'), hasTurn: false })).toMatchObject({ worked: [] })
})

test('goes on after a failure, and when someone else opened a run first', async () => {
  expect(await follow({ active: runOf('requested'), work: () => Promise.reject(new Error('database')) })).toMatchObject(
    {
      done: 0,
    },
  )
  const open = () => Promise.reject(new AppError(fullSyncErrors.running))
  expect(await follow({ due: request, open })).toMatchObject({ worked: [], done: 0 })
})

test('closing stops the run under way', async () => {
  let stopped = false
  const sync = followSchedule({
    runs: {
      findActive: async () => runOf('running'),
      open: () => Promise.reject(new Error()),
      end: async () => undefined,
    },
    findWork: async () => undefined,
    work: (_, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          stopped = true
          resolve(false)
        })
      }),
    onEnd: () => undefined,
    runExclusively: async (work) => {
      await work()
      return true
    },
    log,
    now,
    everyMs: 1,
  })
  await new Promise((resolve) => setTimeout(resolve, 5))
  await sync.close()
  expect(stopped).toBe(true)
})
