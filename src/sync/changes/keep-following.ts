import { setTimeout as wait } from 'node:timers/promises'
import type { RunExclusively } from '#platform/exclusive-work'
import type { Logger } from '#platform/log'

type Deps = {
  /** Resolves only when the signal aborts. */
  follow: (signal: AbortSignal) => Promise<void>
  runExclusively: RunExclusively
  onFailure: () => void
  log: Logger
  /** How often a replica that waits its turn looks whether the other is still there. */
  turnMs?: number
  firstPauseMs?: number
}

export type Following = AsyncDisposable & {
  /** Whether this replica is the one that follows. */
  isOurs(): boolean
  close(): Promise<void>
}

const longestPauseMs = 30_000
/** After so long without a failure the next one is a new one. */
const steadyMs = 60_000

/** Follows for as long as it takes, one replica at a time: begins again after a failure, later each time, and takes over from one that died. */
export function keepFollowing({
  follow,
  runExclusively,
  onFailure,
  log,
  turnMs = 1_000,
  firstPauseMs = 500,
}: Deps): Following {
  const stop = new AbortController()
  const { signal } = stop
  const pause = (ms: number) => wait(ms, undefined, { signal }).catch(() => undefined)
  let isOurs = false
  let pauseMs = firstPauseMs

  async function takeTurn(): Promise<void> {
    const startedAt = performance.now()
    try {
      await runExclusively(async () => {
        isOurs = true
        await follow(signal)
      })
      await pause(turnMs)
    } catch (error) {
      if (signal.aborted) return
      onFailure()
      if (performance.now() - startedAt > steadyMs) pauseMs = firstPauseMs
      log.warn({ err: error, 'sync.pause_ms': pauseMs }, 'The ERP’s changes could not be followed; trying again')
      isOurs = false
      // Not all at the same moment, after an ERP that was down has come back.
      await pause(pauseMs * (0.75 + Math.random() / 2))
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    } finally {
      isOurs = false
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) await takeTurn()
  }

  const running = run()
  const close = async () => {
    stop.abort()
    await running
  }
  return { isOurs: () => isOurs, close, [Symbol.asyncDispose]: close }
}
