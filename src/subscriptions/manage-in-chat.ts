import type { Actor } from '#auth'
import type { Language } from '#catalog'
import type { StandingReply } from '#chat'
import type { ManageRequest } from '#nlu'
import { changeSubscription, removeSubscription } from './change-subscription.ts'
import { findMeant } from './find-meant.ts'
import { askWhichOne, sayDone, sayList, sayNothing } from './manage-words.ts'
import { mergeSchedule } from './plan-times.ts'
import type { Subscription } from './subscription.ts'
import type { SubscriptionDeps } from './subscription-deps.ts'

type Asking = { actor: Actor; ip: string | null; language: Language; question: string }

/** Lists, stops, pauses, resumes or reschedules what a person has; asks back when several could be meant, or none fits. */
export async function manageInChat(
  deps: SubscriptionDeps,
  request: ManageRequest,
  asking: Asking,
): Promise<StandingReply> {
  const { act, kind } = request
  const { language } = asking
  const all = await deps.store.list(asking.actor.userId)
  const own = kind ? all.filter((one) => one.kind === kind) : all
  if (own.length === 0) return { text: sayNothing(kind, language), prompts: [], isDone: act === 'list' }
  const found = findMeant(act === 'list' ? { ...request, which: 'all' } : request, all, own)
  if (act === 'list') return { ...sayList(deps, all, 'meant' in found ? found.meant : own, language), isDone: true }
  if (!('meant' in found)) return askWhichOne(deps, all, found, asking)
  const done: Subscription[] = []
  for (const one of found.meant) done.push(await change(deps, one, request, asking))
  return { text: sayDone(deps, done, act, language), prompts: [], isDone: true }
}

/** Answers it as it is afterwards; what was stopped, as it was. */
async function change(deps: SubscriptionDeps, one: Subscription, request: ManageRequest, { actor, ip }: Asking) {
  const place = { subscription: one.subscription, actor, ip }
  if (request.act === 'stop') {
    await removeSubscription(deps, place)
    return one
  }
  if (request.act === 'reschedule')
    return await changeSubscription(deps, place, { cron: mergeSchedule(one.cron, request.schedule ?? '') })
  return await changeSubscription(deps, place, { state: request.act === 'pause' ? 'paused' : 'active' })
}
