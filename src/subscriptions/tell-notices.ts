import { createHash } from 'node:crypto'
import type { Kysely, Transaction } from 'kysely'
import type { Actor } from '#auth'
import type { Language } from '#catalog'
import type { ErrorSpec } from '#platform/errors'
import { cutLine } from './describe-report-mail.ts'
import { subscriptionErrors } from './errors.ts'
import { readAsOwner } from './read-as-owner.ts'
import { stopSubscription } from './stop-subscription.ts'
import { type Channel, channels, type Notice, type Subscription } from './subscription.ts'
import type { SubscriptionDeps } from './subscription-deps.ts'
import type { DueNotice } from './subscription-store.ts'
import { watchQuery } from './watch-query.ts'

const mostRows = 50

/**
 * Hands what alerts have to tell by now to the mail, everything of one person in one message, until nothing is due. Taking it and
 * handing it over are one transaction. Answers how many messages there were.
 */
export async function tellNotices(deps: SubscriptionDeps): Promise<number> {
  let told = 0
  while (await deps.database.kysely.transaction().execute((transaction) => tellOne(deps, transaction))) told += 1
  return told
}

async function tellOne(deps: SubscriptionDeps, within: Transaction<unknown>): Promise<boolean> {
  const notices = await deps.store.takeNotices(deps.now(), within)
  const [first] = notices
  if (!first) return false
  const found = await deps.findOwner(first.owner)
  // Who has been shut out since is told nothing.
  if (!found || found.disabled) return true
  const told = await keepAllowed(deps, notices, within)
  for (const channel of channels) {
    const own = told.filter((one) => one.subscription.channel === channel)
    if (own.length > 0) await tellBy(deps, { owner: found.actor, told: own, channel }, within)
  }
  return true
}

type Told = { subscription: Subscription; notice: DueNotice }

/** Without those of what is paused; what the owner may not see any more is paused, and tells nothing, either. */
async function keepAllowed(
  deps: SubscriptionDeps,
  notices: DueNotice[],
  within: Transaction<unknown>,
): Promise<Told[]> {
  const allowed = new Map<string, Subscription>()
  for (const id of new Set(notices.map(({ subscription }) => subscription))) {
    const subscription = await deps.store.read(id)
    if (subscription?.state !== 'active') continue
    const ask = watchQuery(subscription, deps.catalog)?.ask ?? subscription.query
    const read = await readAsOwner(deps, subscription, { ask, at: deps.now() })
    if ('stop' in read) await stopSubscription(deps, subscription, read, within)
    else allowed.set(id, subscription)
  }
  return notices.flatMap((notice) => {
    const subscription = allowed.get(notice.subscription)
    return subscription ? [{ subscription, notice }] : []
  })
}

/** Hands it over, and says of each alert whether it was told. */
async function tellBy(deps: SubscriptionDeps, telling: Telling, within: Transaction<unknown>): Promise<void> {
  const subscriptions = [...new Set(telling.told.map(({ subscription }) => subscription.subscription))]
  const hindrance = await hand(deps, telling, within)
  const outcome = hindrance ? 'failed' : 'sent'
  const note = { at: deps.now(), outcome, ...(hindrance && { code: hindrance.code }) } as const
  for (const id of subscriptions) await deps.store.note(id, note, within)
  deps.metrics.done('alert', outcome)
  if (hindrance) {
    deps.log.warn({ 'error.code': hindrance.code }, 'Alerts could not be told: there is no way to reach their owner')
    return
  }
  await deps.audit.recordWith(within, {
    ...{ actorId: telling.owner.userId, action: 'alert.send', outcome: 'ok', ip: null },
    details: { subscriptions, channel: telling.channel },
  })
}

type Telling = { owner: Actor; told: Told[]; channel: Channel }

/** Answers what is in the way when it can reach nobody. */
async function hand(
  { outbox, publicUrl }: SubscriptionDeps,
  { owner, told, channel }: Telling,
  within: Kysely<unknown>,
): Promise<ErrorSpec | undefined> {
  const { language } = owner
  const notices = told.map(({ notice }) => notice)
  const contents = notices.map(({ content }) => content)
  const idempotencyKey = `alert:${keyOf(notices)}`
  const title = titleOfAll(contents, language)
  const link = new URL('/', publicUrl).href
  if (channel === 'push' && outbox.push) {
    const text = contents.map((one) => one.text).join('\n')
    await outbox.push({ userId: owner.userId, language, title, text, link, idempotencyKey }, within)
    return undefined
  }
  // An alert that nobody can be told of by push is told by mail rather than not at all.
  if (!outbox.mail) return subscriptionErrors.channelOff
  if (!owner.email) return subscriptionErrors.addressMissing
  const message = language === 'ko' ? '알려 달라고 하신 조건이 됐어요.' : 'What you asked to be told of has happened.'
  const rows = contents
    .slice(0, mostRows)
    .map((one) => [cutLine(one.title), cutLine(one.text, 1_500), cutLine(one.limit, 500), cutLine(one.at)])
  await outbox.mail(
    {
      ...{ template: 'alert', language, requestedBy: 'subscriptions', idempotencyKey },
      variables: { title: cutLine(title, 150), message, rows, link },
      recipients: [{ kind: 'to', address: owner.email }],
    },
    within,
  )
  return undefined
}

function keyOf(notices: DueNotice[]): string {
  const ids = notices.map(({ notice }) => notice).sort()
  return createHash('sha256').update(ids.join(' ')).digest('hex')
}

function titleOfAll([first, ...rest]: Notice[], language: Language): string {
  const title = first?.title ?? ''
  if (rest.length === 0) return title
  return language === 'ko' ? `${title} 외 ${rest.length}건` : `${title} and ${rest.length} more`
}
