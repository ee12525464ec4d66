import type { Kysely } from 'kysely'
import type { Database } from '#platform/database'
import { AppError } from '#platform/errors'
import type { MessageQueue } from '#platform/queue'
import { pushErrors } from './errors.ts'
import { measurePayload, mostPayloadBytes, type PushContent } from './push-content.ts'
import { pushTopic } from './push-queue.ts'
import type { PushKind, PushStore } from './push-store.ts'
import { type PushTarget, requireTarget } from './push-target.ts'
import { readCondition } from './topic-condition.ts'

export type PushRequest = {
  content: PushContent
  target: Partial<PushTarget>
  /** At once unless told. */
  sendAt?: Date | undefined
  /** A person's id, or the part of the service that asks. */
  requestedBy: string
  /** Two requests of the same who with the same key are one. */
  idempotencyKey?: string | undefined
}

export type RequestedPush = { push: string; isNew: boolean }

export type RequestDeps = {
  database: Database
  queue: Pick<MessageQueue, 'publish'>
  store: Pick<PushStore, 'add'>
  now: () => Date
}

const furthestDays = 60
/** What was meant for a moment ago is sent now. */
const graceMs = 60_000
const noTarget = { users: [], roles: [], departments: [], devices: [], topics: [] }

/**
 * Has a message sent to everybody in `target`, as they are when its time has come, in the transaction of what causes it or in one of its
 * own. Throws AppError naming the limit that the request is over.
 */
export async function requestPush(
  deps: RequestDeps,
  { content, sendAt, requestedBy, idempotencyKey, ...request }: PushRequest,
  within?: Kysely<unknown>,
): Promise<RequestedPush> {
  const target = { ...noTarget, ...request.target }
  const now = deps.now()
  const isScheduled = sendAt !== undefined && sendAt > now
  const dueAt = isScheduled ? sendAt : now
  const kind = checkContent(content)
  requireTarget(target)
  if (target.condition !== undefined) readCondition(target.condition)
  checkTime(sendAt, now)
  const push = { idempotencyKey, requestedBy, kind, content, target, dueAt, isScheduled }
  const keep = async (transaction: Kysely<unknown>) => {
    const added = await deps.store.add(push, transaction)
    if (!added.isNew) return added
    const options = { within: transaction, idempotencyKey: added.push, ...(isScheduled && { deliverAt: dueAt }) }
    await deps.queue.publish(pushTopic, { push: added.push }, options)
    return added
  }
  return within ? await keep(within) : await deps.database.kysely.transaction().execute(keep)
}

function checkContent(content: PushContent): PushKind {
  const { notification, data } = content
  const hasNotification = notification?.ko !== undefined || notification?.en !== undefined
  const hasData = data !== undefined && Object.keys(data).length > 0
  if (!hasNotification && !hasData) throw new AppError(pushErrors.empty)
  const size = measurePayload(content)
  if (size > mostPayloadBytes) throw new AppError(pushErrors.tooLarge, { params: { size, limit: mostPayloadBytes } })
  return hasNotification && hasData ? 'combined' : hasNotification ? 'notification' : 'data'
}

function checkTime(sendAt: Date | undefined, now: Date): void {
  if (sendAt === undefined) return
  const aheadMs = sendAt.getTime() - now.getTime()
  if (aheadMs < -graceMs || aheadMs > furthestDays * 86_400_000)
    throw new AppError(pushErrors.tooLate, { params: { days: furthestDays } })
}
