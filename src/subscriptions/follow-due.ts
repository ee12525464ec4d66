import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '#platform/errors'
import type { Delivery } from '#platform/queue'
import { judgeAlert } from './judge-alert.ts'
import { nextTime } from './plan-times.ts'
import { sendReport } from './send-report.ts'
import type { Subscription } from './subscription.ts'
import type { SubscriptionDeps } from './subscription-deps.ts'
import { dueTopic } from './subscription-queue.ts'
import { tellNotices } from './tell-notices.ts'

/** Alerts that wait for changes are looked at this often all the same: a change may be missed while a worker restarts. */
const lookAgainMs = 10 * 60_000

/**
 * Publishes what is due, each with its due time as the key, and sets when it is due next, in one transaction. What was missed while
 * nothing ran is due once. Answers how many there were.
 */
export async function publishDue(deps: SubscriptionDeps): Promise<number> {
  const now = deps.now()
  const next = ({ cron, timeZone }: Subscription): Date | null =>
    cron === undefined ? new Date(now.getTime() + lookAgainMs) : nextTime({ cron, timeZone }, now)
  return await deps.database.kysely.transaction().execute(async (transaction) => {
    const due = await deps.store.takeDue(now, next, transaction)
    for (const { subscription, dueAt } of due) {
      const body = { subscription, dueAt: dueAt.toISOString(), at: now.toISOString() }
      const idempotencyKey = `${subscription}:${body.dueAt}`
      await deps.queue.publish(dueTopic, body, { within: transaction, idempotencyKey })
    }
    return due.length
  })
}

type DueBody = { subscription: string; dueAt: string; at: string }

/** Does what is due. A failure is noted with the subscription, and thrown, so that the queue tries again. */
export async function doDue(deps: SubscriptionDeps, delivery: Delivery<DueBody>): Promise<void> {
  const { subscription: id, dueAt, at } = delivery.message.body
  const subscription = await deps.store.read(id)
  if (subscription?.state !== 'active') return
  const due = { dueAt, at: new Date(at), signal: delivery.signal }
  try {
    const work = subscription.kind === 'report' ? sendReport : judgeAlert
    await work(deps, subscription, due, delivery.runOnce)
    if (subscription.kind === 'alert') await tellNotices(deps)
  } catch (error) {
    const code = error instanceof AppError ? error.spec.code : 'INTERNAL'
    const outcome = delivery.isLast ? 'failed' : 'retrying'
    deps.metrics.done(subscription.kind, outcome)
    await deps.store.note(id, { at: deps.now(), outcome, code })
    throw error
  }
}

/** Looks for what is due again and again, until it is closed. Any number of workers may. */
export function followDue(deps: SubscriptionDeps, everyMs: number): { close(): Promise<void> } {
  const stop = new AbortController()
  const look = async () => {
    while (!stop.signal.aborted) {
      try {
        await publishDue(deps)
        await tellNotices(deps)
      } catch (error) {
        deps.log.error({ err: error }, 'Subscriptions that are due could not be looked after')
      }
      await wait(everyMs, undefined, { signal: stop.signal }).catch(() => undefined)
    }
  }
  const running = look()
  return {
    async close() {
      stop.abort()
      await running
    },
  }
}
