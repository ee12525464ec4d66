import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Logger } from '#platform/log'
import type { Lease } from './job.ts'
import type { TrainingDeps } from './job-context.ts'
import { LeaseLost } from './job-store.ts'
import { Cancelled, runJob } from './run-job.ts'

/** What works on jobs until it is closed. `nudge` looks for one at once. */
export type JobWork = AsyncDisposable & { nudge(): void; close(): Promise<void> }

type Pace = {
  /** How often is looked for a job. */
  everyMs: number
  /** How long a worker may be silent before another takes its job up. */
  leaseMs: number
}

type Deps = TrainingDeps &
  Pace & {
    /** Done at each look, before a job is taken: what is due. */
    beforeLook: () => Promise<void>
  }

/** Works on one job at a time, taken from all that wait anywhere. Closing gives a job under way back to the others. */
export function workJobs(deps: Deps): JobWork {
  const { jobs, devices, log, everyMs, leaseMs, beforeLook } = deps
  const stop = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined

  async function look(): Promise<void> {
    try {
      await beforeLook()
      for (;;) {
        if (stop.signal.aborted) return
        const taken = await jobs.take({ owner: `${hostname()} ${randomUUID()}`, leaseMs, devices })
        if (!taken) return
        await runLeased(deps, taken, stop.signal)
      }
    } catch (error) {
      if (!stop.signal.aborted) log.error({ err: error }, 'Training jobs could not be looked after')
    }
  }
  function start(): void {
    clearTimeout(timer)
    if (running || stop.signal.aborted) return
    running = look().finally(() => {
      running = undefined
      timer = setTimeout(start, everyMs)
      timer.unref()
    })
  }
  start()
  const close = async () => {
    stop.abort(new Error('The worker is closing'))
    clearTimeout(timer)
    await running
    clearTimeout(timer)
  }
  return { nudge: start, close, [Symbol.asyncDispose]: close }
}

/** Runs a job while its lease is kept; a lease that was lost, or a wish to stop, ends the work on it. */
async function runLeased(deps: TrainingDeps & Pace, lease: Lease, closing: AbortSignal): Promise<void> {
  const { jobs, leaseMs, log } = deps
  const own = new AbortController()
  let lastKept = performance.now()
  const keep = async () => {
    const state = await jobs.keep(lease, leaseMs)
    lastKept = performance.now()
    if (state === 'lost') own.abort(new LeaseLost())
    else if (state === 'cancelled') own.abort(new Cancelled())
  }
  const heartbeat = setInterval(() => {
    keep().catch((error: unknown) => {
      warn(log, error)
      // By now another worker may be at it.
      if (performance.now() - lastKept > leaseMs) own.abort(new LeaseLost())
    })
  }, leaseMs / 4)
  try {
    await runJob(deps, lease, AbortSignal.any([own.signal, closing]))
  } finally {
    clearInterval(heartbeat)
  }
}

function warn(log: Logger, error: unknown): void {
  log.warn({ err: error }, 'The lease of a training job could not be renewed; it is tried again')
}
