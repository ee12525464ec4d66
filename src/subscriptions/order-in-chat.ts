import type { Language } from '#catalog'
import type { StandingOrder, StandingOrders, StandingReply } from '#chat'
import { describeSubject, scheduleWords } from '#chat'
import { AppError } from '#platform/errors'
import { seoulDate } from '#platform/seoul-date'
import { addSubscription } from './add-subscription.ts'
import { conditionOf } from './describe-subscription.ts'
import { manageInChat } from './manage-in-chat.ts'
import { presentQuery } from './read-as-owner.ts'
import type { Subscription } from './subscription.ts'
import type { SubscriptionDeps } from './subscription-deps.ts'

/** Subscriptions and alerts as the chat speaks of them. */
export function createStandingOrders(deps: SubscriptionDeps): StandingOrders {
  return {
    place: (order) => sayRefusal(order.language, () => placeOrder(deps, order)),
    manage: (request, asking) => sayRefusal(asking.language, () => manageInChat(deps, request, asking)),
  }
}

/** What cannot be done is an answer here, in the words of its error; a fault of ours is not. */
async function sayRefusal(language: Language, work: () => Promise<StandingReply>): Promise<StandingReply> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof AppError) || error.spec.kind === 'internal') throw error
    return { text: error.sentence(language), prompts: [], isDone: false }
  }
}

async function placeOrder(deps: SubscriptionDeps, order: StandingOrder): Promise<StandingReply> {
  const { actor, ip, language } = order
  const added = await addSubscription(deps, order, { actor, ip })
  const byMail = language === 'ko' ? `${actor.email} 메일로` : `to ${actor.email}`
  const byPush = language === 'ko' ? '푸시로' : 'by push'
  const how = added.channel === 'push' ? byPush : byMail
  const text = added.kind === 'report' ? sayReport(deps, added, how) : sayAlert(deps, added, how)
  return { text, prompts: prompts[added.kind][language], isDone: true }
}

/** What is likely to be said next. */
const prompts = {
  report: {
    ko: [
      { label: '내 구독 보기', text: '내 구독 보여줘' },
      { label: '그만 보내기', text: '그거 그만 보내줘' },
    ],
    en: [
      { label: 'My subscriptions', text: 'Show my subscriptions' },
      { label: 'Stop it', text: 'Stop sending that' },
    ],
  },
  alert: {
    ko: [
      { label: '내 알림 보기', text: '내 알림 보여줘' },
      { label: '그만 알리기', text: '그거 그만 알려줘' },
    ],
    en: [
      { label: 'My alerts', text: 'Show my alerts' },
      { label: 'Stop it', text: 'Stop alerting me to that' },
    ],
  },
}

function sayReport({ catalog, now }: SubscriptionDeps, added: Subscription, how: string): string {
  const { language, cron = '', query } = added
  const today = seoulDate(now())
  // As of the day it is first sent: 지난주 is another week then.
  const first = seoulDate(added.nextAt ?? now())
  const subject = describeSubject(presentQuery(query, catalog, today), { catalog, language, today }) ?? added.question
  const moves = query.period?.relative !== undefined
  const when = scheduleWords(cron, language)
  if (language === 'en') {
    const period = moves ? ' The period moves along with the day.' : ''
    return `**${subject}** will be sent ${how}, ${when}. First on ${first}.${period}`
  }
  const period = moves ? ' 기간은 보내는 날에 맞춰 움직여요.' : ''
  return `**${subject}**, ${when}에 ${how} 보내 드릴게요. 처음 보내는 날은 ${first.replaceAll('-', '.')}이에요.${period}`
}

function sayAlert({ catalog, now }: SubscriptionDeps, added: Subscription, how: string): string {
  const { language, cron, onlyNew } = added
  const condition = conditionOf(added, { catalog, language, now: now() })
  const when = cron === undefined ? '' : scheduleWords(cron, language)
  if (language === 'en') {
    const judged = when ? `It is checked ${when}.` : 'It is checked when the ERP changes, once for each crossing.'
    if (onlyNew) return `You will be told ${how}, once for each: **${condition}**.${when && ` It is checked ${when}.`}`
    return `You will be told ${how} when this becomes so: **${condition}**. ${judged}`
  }
  const judged = when ? `${when}에 확인해요.` : 'ERP 데이터가 바뀔 때 확인하고, 조건이 될 때마다 한 번만 알려요.'
  if (onlyNew)
    return `**${condition}** 건이 생기면 ${how} 알려 드릴게요. 건마다 한 번만 알려요.${when && ` ${when}에 확인해요.`}`
  return `이 조건이 되면 ${how} 알려 드릴게요: **${condition}**. ${judged}`
}
