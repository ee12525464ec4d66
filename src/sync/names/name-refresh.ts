import type { RunExclusively } from '#platform/exclusive-work'
import type { Logger } from '#platform/log'
import type { RefreshReport } from './refresh-names.ts'

export type NameRefresh = AsyncDisposable & {
  /** Refreshes now rather than after the pause; one that is under way is enough. */
  now(): void
  close(): Promise<void>
}

type Deps = {
  refresh: (signal: AbortSignal) => Promise<RefreshReport>
  runExclusively: RunExclusively
  log: Logger
  everyMs: number
}

/** Refreshes at once and then again and again, a pause after each. Closing ends a refresh that is under way. */
export function repeatRefresh({ refresh, runExclusively, log, everyMs }: Deps): NameRefresh {
  const stop = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  let isWaiting = false

  async function run(): Promise<void> {
    try {
      await runExclusively(async () => {
        const { changed, failed } = await refresh(stop.signal)
        if (changed.length > 0) log.info({ 'names.changed': changed }, 'Names were refreshed')
        if (failed.length > 0) log.warn({ 'names.failed': failed }, 'Some names could not be refreshed')
      })
    } catch (error) {
      if (!stop.signal.aborted) log.error({ err: error }, 'The names could not be refreshed')
    }
    if (stop.signal.aborted) return
    isWaiting = true
    timer = setTimeout(start, everyMs)
    timer.unref()
  }

  function start(): void {
    isWaiting = false
    running = run()
  }

  function now(): void {
    if (stop.signal.aborted || !isWaiting) return
    clearTimeout(timer)
    start()
  }

  start()
  const close = async () => {
    stop.abort()
    clearTimeout(timer)
    await running
  }
  return { now, close, [Symbol.asyncDispose]: close }
}
