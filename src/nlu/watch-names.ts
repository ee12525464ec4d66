import type { Logger } from '#platform/log'
import type { NameStore, Names } from './name-store.ts'

type Deps = { store: NameStore; log: Logger; onChange: (names: Names) => void | Promise<void>; everyMs?: number }

/**
 * Calls `onChange` with the names at once and after each change, a second late at most. Resolves after the first reading;
 * throws when that fails. A later failure is logged and the old names stay in use.
 */
export async function watchNames({ store, log, onChange, everyMs = 1_000 }: Deps): Promise<{ close(): Promise<void> }> {
  let revision: string | undefined
  let isClosed = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void>

  async function read(): Promise<void> {
    if ((await store.readRevision()) === revision) return
    const names = await store.read()
    await onChange(names)
    revision = names.revision
  }

  function schedule(): void {
    if (isClosed) return
    timer = setTimeout(() => {
      running = read()
        .catch((error: unknown) => log.warn({ err: error }, 'The names could not be read; the old ones stay in use'))
        .finally(schedule)
    }, everyMs)
    // Watching alone keeps no process alive.
    timer.unref()
  }

  running = read()
  await running
  schedule()
  return {
    close: async () => {
      isClosed = true
      clearTimeout(timer)
      await running
    },
  }
}
