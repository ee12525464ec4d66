import type { Actor } from '#auth'
import type { Language } from '#catalog'
import type { StandingReply } from '#chat'
import type { ManageRequest } from '#nlu'
import { changeSubscription, removeSubscription } from './change-subscription.ts'
import { askWhichOne, sayDone, sayList, sayNothing } from './manage-words.ts'
import type { Subscription } from './subscription.ts'
import type { SubscriptionDeps } from './subscription-deps.ts'

type Asking = { actor: Actor; ip: string | null; language: Language }

/**
 * Lists, stops, pauses, resumes or reschedules what a person has. What is meant is the nth of the list that the chat shows, all of it, the
 * only one there is, or, when nothing tells, the one made or changed last.
 */
export async function manageInChat(
  deps: SubscriptionDeps,
  request: ManageRequest,
  asking: Asking,
): Promise<StandingReply> {
  const all = await deps.store.list(asking.actor.userId)
  const own = request.kind ? all.filter(({ kind }) => kind === request.kind) : all
  if (own.length === 0)
    return { text: sayNothing(request.kind, asking.language), prompts: [], isDone: request.act === 'list' }
  if (request.act === 'list') return { ...sayList(deps, all, own, asking.language), isDone: true }
  const meant = chooseMeant(request, all, own)
  if (meant.length === 0) return askWhichOne(deps, all, own, { request, language: asking.language })
  const done: Subscription[] = []
  for (const one of meant) done.push(await act(deps, one, request, asking))
  return { text: sayDone(deps, done, request.act, asking.language), prompts: [], isDone: true }
}

function chooseMeant({ which, act, kind }: ManageRequest, all: Subscription[], own: Subscription[]): Subscription[] {
  if (which === 'all') return own
  if (which !== undefined) return all.slice(which - 1, which)
  const open = own.filter(
    ({ state }) => act === 'stop' || act === 'reschedule' || (state === 'active') === (act === 'pause'),
  )
  if (open.length === 1) return open
  // 그거 is what was made last; 구독 alone, of several, could be any.
  return kind === undefined ? open.slice(-1) : []
}

/** Answers it as it is afterwards; what was stopped, as it was. */
async function act(deps: SubscriptionDeps, one: Subscription, request: ManageRequest, { actor, ip }: Asking) {
  const place = { subscription: one.subscription, actor, ip }
  if (request.act === 'stop') {
    await removeSubscription(deps, place)
    return one
  }
  if (request.act === 'reschedule') return await changeSubscription(deps, place, { cron: request.schedule })
  return await changeSubscription(deps, place, { state: request.act === 'pause' ? 'paused' : 'active' })
}
