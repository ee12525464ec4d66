import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Actor } from '#auth'
import type { Channel } from './subscription.ts'
import type { SubscriptionDeps } from './subscription-deps.ts'
import type { DueNotice } from './subscription-store.ts'

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

async function tellOne(deps: SubscriptionDeps, within: Kysely<unknown>): Promise<boolean> {
  const notices = await deps.store.takeNotices(deps.now(), within)
  const [first] = notices
  if (!first) return false
  const found = await deps.findOwner(first.owner)
  // Who has been shut out since is told nothing.
  if (!found || found.disabled) return true
  const subscriptions = await deps.store.list(first.owner)
  const channelOf = (id: string): Channel => subscriptions.find((one) => one.subscription === id)?.channel ?? 'email'
  for (const channel of ['email', 'push'] as const) {
    const own = notices.filter(({ subscription }) => channelOf(subscription) === channel)
    if (own.length > 0) await hand(deps, { owner: found.actor, notices: own, channel }, within)
  }
  for (const id of new Set(notices.map(({ subscription }) => subscription)))
    await deps.store.note(id, { at: deps.now(), outcome: 'sent' }, within)
  deps.metrics.done('alert', 'sent')
  return true
}

type Telling = { owner: Actor; notices: DueNotice[]; channel: Channel }

async function hand({ outbox, publicUrl, log }: SubscriptionDeps, telling: Telling, within: Kysely<unknown>) {
  const { owner, notices, channel } = telling
  const [first] = notices
  if (!first) return
  const { language } = owner
  const key = createHash('sha256')
    .update(
      notices
        .map(({ notice }) => notice)
        .sort()
        .join(' '),
    )
    .digest('hex')
  const rest = notices.length - 1
  const title =
    rest === 0
      ? first.content.title
      : language === 'ko'
        ? `${first.content.title} 외 ${rest}건`
        : `${first.content.title} and ${rest} more`
  const link = new URL('/', publicUrl).href
  if (channel === 'push' && outbox.push) {
    const text = notices
      .map(({ content }) => content.text)
      .join('\n')
      .slice(0, 1_000)
    await outbox.push({ userId: owner.userId, language, title, text, link, idempotencyKey: `alert:${key}` }, within)
    return
  }
  // An alert that nobody can be told of by push is told by mail rather than not at all.
  if (!outbox.mail || !owner.email) {
    log.warn({ 'alert.count': notices.length }, 'Alerts could not be told: there is no way to reach their owner')
    return
  }
  await outbox.mail(
    {
      template: 'alert',
      language,
      variables: {
        title: title.slice(0, 150),
        message: language === 'ko' ? '알려 달라고 하신 조건이 됐어요.' : 'What you asked to be told of has happened.',
        rows: notices
          .slice(0, mostRows)
          .map(({ content }) => [content.title, content.text.slice(0, 1_500), content.limit.slice(0, 500), content.at]),
        link,
      },
      recipients: [{ kind: 'to', address: owner.email }],
      requestedBy: 'subscriptions',
      idempotencyKey: `alert:${key}`,
    },
    within,
  )
}
