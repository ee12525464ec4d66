import type { Logger } from '#platform/log'
import type { NameStore, Names } from './name-store.ts'

type Deps = {
  store: NameStore
  log: Logger
  onChange: (names: Names) => void | Promise<void>
  everyMs?: number
  /** Calls back when the names may have changed. Without it, or when it misses one, they are looked at every `everyMs`. */
  listen?: (onSignal: () => void) => { close(): Promise<void> }
}

/** Of the time, the share that taking in new names may take while they keep changing: questions are read on the same thread. */
const busyShare = 0.3
/** Once in a while much is taken in at once; what comes right after need not wait for that long. */
const longestRestMs = 100

/**
 * Calls `onChange` with the names at once and after each change: as soon as it is told of, and `everyMs` late at most (1 s unless told).
 * Changes that come faster than they can be taken in are taken in together. Resolves after the first reading; throws when that
 * fails. A later failure is logged and the old names stay in use.
 */
export async function watchNames({
  store,
  log,
  onChange,
  everyMs = 1_000,
  listen,
}: Deps): Promise<{ close(): Promise<void> }> {
  let revision: string | undefined
  let isClosed = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let isSignalled = false
  let restUntil = 0

  /** To ask for the revision first is worth it only where there is most likely no new one. */
  async function read(isTold: boolean): Promise<void> {
    if (!isTold && (await store.readRevision()) === revision) return
    const names = await store.read()
    if (names.revision === revision) return
    const startedAt = performance.now()
    await onChange(names)
    revision = names.revision
    const tookMs = performance.now() - startedAt
    restUntil = performance.now() + Math.min(tookMs / busyShare - tookMs, longestRestMs)
  }

  function schedule(waitMs: number): void {
    clearTimeout(timer)
    if (isClosed) return
    timer = setTimeout(look, waitMs)
    // Watching alone keeps no process alive.
    timer.unref()
  }

  function look(): void {
    const isTold = isSignalled
    isSignalled = false
    running = read(isTold)
      .catch((error: unknown) => log.warn({ err: error }, 'The names could not be read; the old ones stay in use'))
      .finally(() => {
        running = undefined
        schedule(isSignalled ? restMs() : Math.max(restMs(), everyMs))
      })
  }

  const restMs = () => Math.max(0, restUntil - performance.now())

  function signal(): void {
    isSignalled = true
    if (!running) schedule(restMs())
  }

  await read(true)
  schedule(everyMs)
  const listener = listen?.(signal)
  return {
    close: async () => {
      isClosed = true
      clearTimeout(timer)
      await listener?.close()
      await running
    },
  }
}
