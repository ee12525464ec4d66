import { type Kysely, sql } from 'kysely'
import type { Actor } from '#auth'
import { describeSubject } from '#chat'
import { seoulDate } from '#platform/seoul-date'
import { presentQuery } from './read-as-owner.ts'
import type { PauseReason, Subscription } from './subscription.ts'
import type { SubscriptionDeps } from './subscription-deps.ts'

const texts = {
  'not-allowed': {
    ko: '지금 역할로는 이 데이터를 볼 수 없어서 더 보내지 않아요. 권한을 다시 받으면 목록에서 다시 켤 수 있어요.',
    en: 'Your roles no longer show this data, so nothing more is sent. Once you have access again, you can resume it in your list.',
  },
  gone: {
    ko: '이 데이터를 더는 조회할 수 없어서 더 보내지 않아요.',
    en: 'This data can no longer be looked up, so nothing more is sent.',
  },
}

/** Pauses a subscription that cannot go on, and tells its owner by mail unless they are shut out. */
export async function stopSubscription(
  deps: SubscriptionDeps,
  subscription: Subscription,
  { stop, owner }: { stop: PauseReason; owner?: Actor },
  within: Kysely<unknown>,
): Promise<void> {
  const { store, outbox, catalog, publicUrl, metrics } = deps
  const at = deps.now()
  const place = { owner: subscription.owner, subscription: subscription.subscription }
  await store.change(place, { state: 'paused', reason: stop, nextAt: null, at }, within)
  await store.note(subscription.subscription, { at, outcome: 'paused' }, within)
  metrics.done(subscription.kind, 'paused')
  const text = stop === 'not-allowed' || stop === 'gone' ? texts[stop] : undefined
  if (!text || !owner?.email || !outbox.mail) return
  const { language } = subscription
  const today = seoulDate(at)
  const subject = describeSubject(presentQuery(subscription.query, catalog, today), { catalog, language, today })
  const title = subject ?? subscription.question
  await outbox.mail(
    {
      template: 'notice',
      language,
      variables: {
        title: language === 'ko' ? `멈췄어요: ${title}` : `Paused: ${title}`,
        message: text[language],
        link: new URL('/', publicUrl).href,
      },
      recipients: [{ kind: 'to', address: owner.email }],
      requestedBy: 'subscriptions',
      idempotencyKey: `subscription-stop:${subscription.subscription}:${at.toISOString()}`,
    },
    within,
  )
}

/** Whether it is still there and going, under a lock of its row: what is stopped or deleted meanwhile sends nothing. */
export async function lockActive(subscription: string, within: Kysely<unknown>): Promise<boolean> {
  const { rows } = await sql`
    select 1 from subscriptions where subscription = ${subscription} and state = 'active' for update`.execute(within)
  return rows.length > 0
}
