import type { Kysely } from 'kysely'
import { fromKysely, type JobWithMetadata, type PgBoss } from 'pg-boss'
import type { Logger } from '../log.ts'
import { createAlarm } from './alarm.ts'
import { buryMessage } from './dead-letters.ts'
import type { Verdict } from './deliver.ts'
import type { Consumer } from './message-queue.ts'

export type PullDeps = {
  boss: PgBoss
  kysely: Kysely<unknown>
  log: Logger
  onWake: (queue: string, wake: () => void) => void
}

type Pulled = {
  queue: string
  prefetch: number
  drainMs?: number | undefined
  /** Deals with a job and settles it. */
  work: (job: JobWithMetadata, closing: AbortSignal) => Promise<void>
}

/** Where pg-boss puts a copy of what died without a word: its consumer was killed each time. */
export const deadQueue = 'dead'

const pollMs = 500
const heartbeatMs = 3_000

/** Takes jobs as places become free, at once when one is published and twice a second otherwise. */
export function pullJobs(
  { boss, log, onWake }: PullDeps,
  { queue, prefetch, drainMs = 20_000, work }: Pulled,
): Consumer {
  const alarm = createAlarm()
  const closing = new AbortController()
  const inHand = new Map<JobWithMetadata, Promise<void>>()
  let isClosed = false
  onWake(queue, alarm.ring)

  const takeUp = (job: JobWithMetadata) => {
    const running = work(job, closing.signal)
      // Unsettled, the job comes back when its heartbeat is missed.
      .catch((error: unknown) => log.warn({ err: error, 'queue.name': queue }, 'A message could not be settled'))
      .finally(() => {
        inHand.delete(job)
        alarm.ring()
      })
    inHand.set(job, running)
  }
  const fetch = async (batchSize: number) => {
    try {
      return await boss.fetch<object>(queue, { batchSize, includeMetadata: true })
    } catch (error) {
      log.warn({ err: error, 'queue.name': queue }, 'Messages cannot be taken at the moment')
      return []
    }
  }
  const pull = async () => {
    while (!isClosed) {
      const free = prefetch - inHand.size
      const jobs = free > 0 ? await fetch(free) : []
      for (const job of jobs) takeUp(job)
      if (jobs.length === 0 && !isClosed) await alarm.wait(pollMs)
    }
  }
  const heartbeat = setInterval(() => {
    const held = [...inHand.keys()].map(({ id, retryCount }) => ({ id, retryCount }))
    if (held.length === 0) return
    boss.touch(queue, held).catch((error) => log.warn({ err: error }, 'The heartbeat of messages was missed'))
  }, heartbeatMs)
  const pulling = pull()
  let ended: Promise<void> | undefined
  const close = () => {
    ended ??= (async () => {
      isClosed = true
      alarm.ring()
      await pulling
      const drained = setTimeout(() => closing.abort(new Error('The consumer was closed')), drainMs)
      await Promise.all(inHand.values())
      clearTimeout(drained)
      clearInterval(heartbeat)
    })()
    return ended
  }
  return { close, [Symbol.asyncDispose]: close }
}

/** Tells pg-boss what became of a job. A dead letter is kept in the step that removes its job, whose id is then free for a replay. */
export async function settleJob(
  { boss, kysely }: Pick<PullDeps, 'boss' | 'kysely'>,
  job: JobWithMetadata,
  verdict: Verdict,
): Promise<void> {
  const { id, name, retryCount, data } = job
  const attempt = { id, retryCount }
  if (verdict.kind === 'ack') await boss.complete(name, attempt)
  else if (verdict.kind === 'retry') await boss.fail(name, attempt, { reason: verdict.reason })
  else
    await kysely.transaction().execute(async (transaction) => {
      await buryMessage(transaction, { queue: name, message: data, reason: verdict.reason, deliveries: retryCount + 1 })
      await boss.deleteJob(name, attempt, { db: dbOf(transaction) })
    })
}

/** Keeps what pg-boss itself gave up on as dead letters, beside those that our handlers gave up on. */
export function collectDead(deps: PullDeps): Consumer {
  const { boss, kysely } = deps
  return pullJobs(deps, {
    queue: deadQueue,
    prefetch: 10,
    work: async (job) => {
      const { sourceName, sourceId, sourceRetryCount, sourceOutput } = job
      await kysely.transaction().execute(async (transaction) => {
        const db = dbOf(transaction)
        if (sourceName && sourceId) {
          const reason = `No consumer finished with it: ${JSON.stringify(sourceOutput ?? {}).slice(0, 300)}`
          const deliveries = (sourceRetryCount ?? 0) + 1
          await buryMessage(transaction, { queue: sourceName, message: job.data, reason, deliveries })
          await boss.deleteJob(sourceName, sourceId, { db })
        }
        await boss.deleteJob(deadQueue, job.id, { db })
      })
    },
  })
}

/** pg-boss's view of one of our connections. */
export function dbOf(kysely: Kysely<unknown>) {
  return fromKysely(kysely as Parameters<typeof fromKysely>[0])
}
