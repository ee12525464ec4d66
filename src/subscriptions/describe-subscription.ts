import type { Catalog, Language } from '#catalog'
import { describeConditions, describeSubject, scheduleWords } from '#chat'
import { seoulDate } from '#platform/seoul-date'
import type { SubscriptionBody } from './api.ts'
import { presentQuery } from './read-as-owner.ts'
import type { Subscription } from './subscription.ts'

type Words = { catalog: Catalog; language: Language; now: Date }

/** What a subscription is about: 지난주 거래처별 매출. Of what the catalog no longer has, the words that it was asked for in. */
export function titleOf(subscription: Subscription, { catalog, language, now }: Words): string {
  const today = seoulDate(now)
  const query = presentQuery(subscription.query, catalog, today)
  return describeSubject(query, { catalog, language, today }) ?? subscription.question
}

/** What is new, to an alert on new records: 새 결재. */
export function subjectOfNew(subscription: Subscription, words: Words): string {
  return words.language === 'ko' ? `새 ${titleOf(subscription, words)}` : `New: ${titleOf(subscription, words)}`
}

/** An alert's condition in words: 재고수량 100개 미만, or 새 결재. */
export function conditionOf(subscription: Subscription, words: Words): string {
  if (subscription.onlyNew) return subjectOfNew(subscription, words)
  const { catalog, language, now } = words
  const today = seoulDate(now)
  return describeConditions(presentQuery(subscription.query, catalog, today), { catalog, language, today })
}

export function describeSubscription(one: Subscription, words: Words): SubscriptionBody {
  const { subscription, kind, state, question, query, channel, cron, timeZone, quietHours } = one
  return {
    ...{ subscription, kind, state, question, query, channel, timeZone, createdAt: one.createdAt.toISOString() },
    title: one.onlyNew ? subjectOfNew(one, words) : titleOf(one, words),
    ...(one.reason && { reason: one.reason }),
    ...(cron !== undefined && { cron, schedule: scheduleWords(cron, words.language) }),
    ...(quietHours && { quietHours }),
    ...(one.onlyNew && { onlyNew: true }),
    ...(one.nextAt && { nextAt: one.nextAt.toISOString() }),
    ...(one.lastAt && { lastAt: one.lastAt.toISOString() }),
    ...(one.lastOutcome && { lastOutcome: one.lastOutcome }),
    ...(one.lastCode && { lastCode: one.lastCode }),
  }
}
