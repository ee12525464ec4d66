import type { Actor } from '#auth'
import { type BusinessQuery, type Language, shapeOf } from '#catalog'
import { AppError } from '#platform/errors'
import { seoulDate } from '#platform/seoul-date'
import { subscriptionErrors } from './errors.ts'
import { checkSchedule, nextTime } from './plan-times.ts'
import { presentQuery } from './read-as-owner.ts'
import type { Channel, QuietHours, Subscription, SubscriptionContent, SubscriptionKind } from './subscription.ts'
import type { SubscriptionDeps } from './subscription-deps.ts'
import { watchQuery } from './watch-query.ts'

const homeTimeZone = 'Asia/Seoul'

export type NewRequest = {
  kind: SubscriptionKind
  query: BusinessQuery
  question: string
  language: Language
  cron?: string | undefined
  timeZone?: string | undefined
  channel?: Channel | undefined
  quietHours?: QuietHours | undefined
  onlyNew?: boolean | undefined
}

type By = { actor: Actor; ip: string | null }

/**
 * Keeps what a person wants sent or told, for themselves. An alert is judged for the first time at once. Throws SUBSCRIPTION_*, and
 * QUERY_INVALID for a query that the catalog does not know.
 */
export async function addSubscription(deps: SubscriptionDeps, request: NewRequest, by: By): Promise<Subscription> {
  const { kind, cron, query, question, language, quietHours } = request
  const at = deps.now()
  const content: SubscriptionContent = {
    ...{ query, question, language, channel: request.channel ?? 'email', timeZone: request.timeZone ?? homeTimeZone },
    ...(cron !== undefined && { cron }),
    ...(quietHours && { quietHours }),
    ...(request.onlyNew && { onlyNew: true }),
  }
  checkContent(deps, kind, content, at)
  checkReader(deps, content, by.actor)
  const nextAt = kind === 'alert' ? at : nextDue(content, at)
  return await deps.database.kysely.transaction().execute(async (transaction) => {
    const added = await deps.store.add(
      { owner: by.actor.userId, kind, content, nextAt, at },
      deps.mostOfOwner,
      transaction,
    )
    await deps.audit.recordWith(transaction, {
      ...{ actorId: by.actor.userId, action: `${kind}.create`, outcome: 'ok', ip: by.ip },
      details: { subscription: added.subscription, channel: content.channel, shape: shapeOf(query) },
    })
    return added
  })
}

/** When a report is due next; null for an alert that waits for changes. */
export function nextDue({ cron, timeZone }: Pick<SubscriptionContent, 'cron' | 'timeZone'>, after: Date): Date | null {
  return cron === undefined ? null : nextTime({ cron, timeZone }, after)
}

/** Throws SUBSCRIPTION_* when it says too little, or comes too often, or nothing can be sent that way. */
export function checkContent(
  { catalog, outbox }: Pick<SubscriptionDeps, 'catalog' | 'outbox'>,
  kind: SubscriptionKind,
  content: SubscriptionContent,
  at: Date,
): void {
  const { cron, timeZone, query, channel, onlyNew = false } = content
  if (kind === 'report' && cron === undefined) throw new AppError(subscriptionErrors.scheduleMissing)
  if (cron !== undefined) checkSchedule({ cron, timeZone }, at)
  const isOfRecords = kind === 'alert' && query.measures.length === 0 && query.groupBy === undefined
  if (onlyNew && !isOfRecords) throw new AppError(subscriptionErrors.onlyNewOfRecords)
  const isBare = !watchQuery(content, catalog) || (!onlyNew && (query.where ?? []).length === 0)
  if (kind === 'alert' && isBare) throw new AppError(subscriptionErrors.conditionMissing)
  const isOn = channel === 'push' ? outbox.push : outbox.mail
  if (!isOn) throw new AppError(subscriptionErrors.channelOff)
}

/** Throws SUBSCRIPTION_NOT_ALLOWED when the reader may not see it now, and SUBSCRIPTION_ADDRESS_MISSING when no mail would reach them. */
export function checkReader(
  { catalog, permitRead, now }: Pick<SubscriptionDeps, 'catalog' | 'permitRead' | 'now'>,
  content: SubscriptionContent,
  actor: Actor,
): void {
  const today = seoulDate(now())
  const decision = permitRead(actor, presentQuery(content.query, catalog, today), today)
  if (decision.kind === 'refused') throw new AppError(subscriptionErrors.notAllowed, { params: { ask: decision.ask } })
  if (content.channel === 'email' && !actor.email) throw new AppError(subscriptionErrors.addressMissing)
}
