import { AppError } from '#platform/errors'
import type { RunExclusively } from '#platform/exclusive-work'
import type { Logger } from '#platform/log'
import { fullSyncErrors } from './errors.ts'
import type { RunStore } from './run-store.ts'
import type { RunRequest, SyncRun } from './sync-run.ts'

/** What keeps full syncs going in a worker until it is closed. */
export type FullSync = AsyncDisposable & { close(): Promise<void> }

type Deps = {
  runs: Pick<RunStore, 'findActive' | 'open' | 'end'>
  findWork: () => Promise<RunRequest | undefined>
  /** Runs or goes on with a run; false when it was stopped on the way. */
  work: (run: SyncRun, signal: AbortSignal) => Promise<boolean>
  onEnd: () => void
  runExclusively: RunExclusively
  log: Logger
  now: () => Date
  everyMs: number
}

/** A run that a crash has left for longer is not gone on with: what it read first is too old. */
const oldestMs = 24 * 60 * 60_000

/**
 * Looks again and again whether a run is waiting, was left behind by a worker that is gone, or is due, and works on it. Of
 * several workers one does at a time. Closing stops a run that is under way; the next worker goes on with it.
 */
export function followSchedule(deps: Deps): FullSync {
  const { runExclusively, log, everyMs } = deps
  const stop = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()

  async function look(): Promise<void> {
    try {
      await runExclusively(() => workOnce(deps, stop.signal))
    } catch (error) {
      if (!stop.signal.aborted) log.error({ err: error }, 'Full syncs could not be looked after')
    }
    if (stop.signal.aborted) return
    timer = setTimeout(start, everyMs)
    timer.unref()
  }

  function start(): void {
    running = look()
  }

  start()
  const close = async () => {
    stop.abort()
    clearTimeout(timer)
    await running
  }
  return { close, [Symbol.asyncDispose]: close }
}

async function workOnce(deps: Deps, signal: AbortSignal): Promise<void> {
  const { runs, work, onEnd, log, now } = deps
  const active = (await runs.findActive()) ?? (await openDue(deps))
  if (!active || signal.aborted) return
  if (active.state !== 'requested') {
    if (now().getTime() - Date.parse(active.startedAt) > oldestMs) {
      log.warn({ 'sync.run': active.run }, 'A full sync that had not ended within a day was given up')
      return await runs.end(active.run, 'failed', fullSyncErrors.abandoned.code)
    }
    log.info({ 'sync.run': active.run }, 'A full sync that was interrupted goes on')
  }
  if (await work(active, signal)) onEnd()
}

async function openDue({ runs, findWork }: Deps): Promise<SyncRun | undefined> {
  const request = await findWork()
  if (!request) return undefined
  try {
    return await runs.open(request)
  } catch (error) {
    // Somebody has asked for one in the meantime: the next look finds it.
    if (error instanceof AppError && error.spec === fullSyncErrors.running) return undefined
    throw error
  }
}
