import { constants, monitorEventLoopDelay, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks'
import type { Database } from '#platform/database'
import type { Logger } from '#platform/log'

type Deps = { log: Logger; database: Pick<Database, 'load'>; roles: string[] }

const defaults = { everyMs: 60_000, slowLoopMs: 250, slowGcMs: 200 }

/**
 * Writes in the system log what the process uses, every minute, and warns of an event loop that was held up, of long garbage
 * collections and of callers that wait for a database connection. Says when it begins and ends.
 */
export function watchProcess({ log, database, roles }: Deps, limits: Partial<typeof defaults> = {}): Disposable {
  const { everyMs, slowLoopMs, slowGcMs } = { ...defaults, ...limits }
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  const collections = watchCollections(log, slowGcMs)
  let used = process.cpuUsage()
  const fields = { 'event.kind': 'metric', 'event.module': 'process' }
  const timer = setInterval(() => {
    const spent = process.cpuUsage(used)
    used = process.cpuUsage()
    const { rss, heapUsed } = process.memoryUsage()
    const { open, idle, waiting } = database.load()
    const p99Ms = delay.percentile(99) / 1e6
    const maxMs = delay.max / 1e6
    delay.reset()
    log.info(
      {
        ...fields,
        'process.cpu.share': round((spent.user + spent.system) / 1000 / everyMs),
        'process.memory.rss_bytes': rss,
        'process.memory.heap_bytes': heapUsed,
        'process.event_loop.p99_ms': round(p99Ms),
        'process.gc.seconds': round(collections.takeSeconds()),
        'database.connections.open': open,
        'database.connections.busy': open - idle,
        'database.connections.waited_for': waiting,
      },
      'What the process uses',
    )
    if (maxMs > slowLoopMs)
      log.warn({ ...fields, 'process.event_loop.max_ms': round(maxMs) }, 'The event loop was held up')
    if (waiting > 0)
      log.warn({ ...fields, 'database.connections.waited_for': waiting }, 'Queries wait for a connection')
  }, everyMs).unref()
  log.info({ 'event.module': 'process', 'event.type': ['start'], 'process.roles': roles }, 'The process has started')
  return {
    [Symbol.dispose]() {
      clearInterval(timer)
      delay.disable()
      collections.close()
      const uptime = Math.round(process.uptime())
      log.info({ 'event.module': 'process', 'event.type': ['end'], 'process.uptime': uptime }, 'The process stops')
    },
  }
}

function watchCollections(log: Logger, slowGcMs: number) {
  let seconds = 0
  const observer = new PerformanceObserver((list) => {
    for (const { duration, detail } of list.getEntries() as (PerformanceEntry & { detail?: unknown })[]) {
      seconds += duration / 1000
      const kind = (detail as { kind?: number } | undefined)?.kind
      const isMajor = kind === constants.NODE_PERFORMANCE_GC_MAJOR
      if (duration > slowGcMs)
        log.warn(
          { 'event.module': 'process', 'process.gc.ms': round(duration), 'process.gc.major': isMajor },
          'A garbage collection took long',
        )
    }
  })
  observer.observe({ entryTypes: ['gc'] })
  return {
    takeSeconds() {
      const taken = seconds
      seconds = 0
      return taken
    },
    close: () => observer.disconnect(),
  }
}

const round = (value: number) => Math.round(value * 1000) / 1000
