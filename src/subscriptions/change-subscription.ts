import type { Actor } from '#auth'
import { AppError } from '#platform/errors'
import { checkContent, checkReader, nextDue } from './add-subscription.ts'
import { subscriptionErrors } from './errors.ts'
import type { Channel, QuietHours, Subscription, SubscriptionContent } from './subscription.ts'
import type { SubscriptionDeps } from './subscription-deps.ts'

/** What is absent stays; quiet hours that are null end. */
export type Change = {
  state?: 'active' | 'paused' | undefined
  cron?: string | undefined
  timeZone?: string | undefined
  channel?: Channel | undefined
  quietHours?: QuietHours | null | undefined
}
export type Place = { subscription: string; actor: Actor; ip: string | null }

/** Throws SUBSCRIPTION_NOT_FOUND for one that is not the actor's, as if it were not there. */
export async function findOwn({ store }: Pick<SubscriptionDeps, 'store'>, { subscription, actor }: Place) {
  const found = await store.read(subscription)
  if (found?.owner !== actor.userId) throw new AppError(subscriptionErrors.notFound)
  return found
}

/** Edits, pauses or resumes one's own subscription. Throws SUBSCRIPTION_*. */
export async function changeSubscription(deps: SubscriptionDeps, place: Place, change: Change): Promise<Subscription> {
  const own = await findOwn(deps, place)
  const at = deps.now()
  const { state = own.state } = change
  const content = changeContent(own, change)
  if (state === 'active') {
    checkContent(deps, own.kind, content, at)
    checkReader(deps, content, place.actor)
  }
  // One that goes on looks at what is so now, as if it were new; what was missed while it was paused is not made up for.
  const nextAt = state === 'paused' ? null : own.kind === 'alert' ? at : nextDue(content, at)
  const reason = state === 'paused' ? (own.state === 'paused' ? own.reason : 'by-owner') : null
  await deps.database.kysely.transaction().execute(async (transaction) => {
    const forgets = state === 'active' && own.state === 'paused'
    const changed = { content, state, reason, nextAt, forgets, at }
    if (!(await deps.store.change({ owner: own.owner, subscription: own.subscription }, changed, transaction)))
      throw new AppError(subscriptionErrors.notFound)
    const details = { subscription: own.subscription, state, changed: Object.keys(change) }
    const entry = { actorId: place.actor.userId, action: `${own.kind}.change`, outcome: 'ok' as const, ip: place.ip }
    await deps.audit.recordWith(transaction, { ...entry, details })
  })
  return await findOwn(deps, place)
}

function changeContent(own: Subscription, { cron, timeZone, channel, quietHours }: Change): SubscriptionContent {
  const quiet = quietHours === undefined ? own.quietHours : (quietHours ?? undefined)
  const schedule = cron ?? own.cron
  return {
    ...{ query: own.query, question: own.question, language: own.language },
    channel: channel ?? own.channel,
    timeZone: timeZone ?? own.timeZone,
    ...(schedule !== undefined && { cron: schedule }),
    ...(quiet && { quietHours: quiet }),
    ...(own.onlyNew && { onlyNew: true }),
  }
}

/**
 * Has one's own subscription done now, beside its schedule: a report is sent, an alert judged. Throws SUBSCRIPTION_NOT_FOUND, and
 * SUBSCRIPTION_PAUSED for one that is paused.
 */
export async function runSubscription(deps: SubscriptionDeps, place: Place): Promise<void> {
  const own = await findOwn(deps, place)
  if (own.state === 'paused') throw new AppError(subscriptionErrors.paused)
  const at = deps.now()
  await deps.database.kysely.transaction().execute(async (transaction) => {
    await deps.store.change({ owner: own.owner, subscription: own.subscription }, { nextAt: at, at }, transaction)
    const entry = { actorId: place.actor.userId, action: `${own.kind}.run`, outcome: 'ok' as const, ip: place.ip }
    await deps.audit.recordWith(transaction, { ...entry, details: { subscription: own.subscription } })
  })
}

/** Deletes one's own subscription, and what it had yet to tell. Throws SUBSCRIPTION_NOT_FOUND. */
export async function removeSubscription(deps: SubscriptionDeps, place: Place): Promise<void> {
  const own = await findOwn(deps, place)
  await deps.database.kysely.transaction().execute(async (transaction) => {
    await deps.store.remove({ owner: own.owner, subscription: own.subscription }, transaction)
    const entry = { actorId: place.actor.userId, action: `${own.kind}.delete`, outcome: 'ok' as const, ip: place.ip }
    await deps.audit.recordWith(transaction, { ...entry, details: { subscription: own.subscription } })
  })
}
