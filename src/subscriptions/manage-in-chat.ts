import type { Actor } from '#auth'
import type { Language } from '#catalog'
import type { StandingReply } from '#chat'
import { scheduleWords } from '#chat'
import type { ManageRequest } from '#nlu'
import { changeSubscription, removeSubscription } from './change-subscription.ts'
import { conditionOf, titleOf } from './describe-subscription.ts'
import type { Subscription } from './subscription.ts'
import type { SubscriptionDeps } from './subscription-deps.ts'

type Asking = { actor: Actor; ip: string | null; language: Language }
type Act = Exclude<ManageRequest['act'], 'list'>

const mostListed = 20
const mostChoices = 5

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
    return { text: nothing(request.kind, asking.language), prompts: [], isDone: request.act === 'list' }
  if (request.act === 'list') return { ...sayList(deps, all, own, asking.language), isDone: true }
  const meant = chooseMeant(request, all, own)
  if (meant.length === 0) return askWhichOne(deps, all, own, { act: request.act, language: asking.language })
  for (const one of meant) await act(deps, one, request, asking)
  return { text: sayDone(deps, meant, request, asking.language), prompts: [], isDone: true }
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

async function act(deps: SubscriptionDeps, one: Subscription, request: ManageRequest, { actor, ip }: Asking) {
  const place = { subscription: one.subscription, actor, ip }
  if (request.act === 'stop') await removeSubscription(deps, place)
  else if (request.act === 'reschedule') await changeSubscription(deps, place, { cron: request.schedule })
  else await changeSubscription(deps, place, { state: request.act === 'pause' ? 'paused' : 'active' })
}

function sayList(deps: SubscriptionDeps, all: Subscription[], own: Subscription[], language: Language) {
  const lines = own.slice(0, mostListed).map((one) => `${all.indexOf(one) + 1}. ${lineOf(deps, one, language)}`)
  const rest = own.length - lines.length
  const ko = language === 'ko'
  const head = ko ? `**${own.length}개**가 있어요.` : `You have **${own.length}**.`
  const more = rest > 0 ? [ko ? `외 ${rest}개` : `and ${rest} more`] : []
  const first = all.indexOf(own[0] as Subscription) + 1
  const prompts = ko
    ? [{ label: `${first}번 그만 받기`, text: `${first}번 그만 보내줘` }]
    : [{ label: `Stop no. ${first}`, text: `Stop sending number ${first}` }]
  return { text: [head, ...lines, ...more].join('\n'), prompts }
}

const reasons = {
  'by-owner': { ko: '멈춤', en: 'paused' },
  'owner-disabled': { ko: '멈춤: 계정 사용 중지', en: 'paused: account disabled' },
  'not-allowed': { ko: '멈춤: 볼 권한이 없음', en: 'paused: no access' },
  gone: { ko: '멈춤: 조회할 수 없음', en: 'paused: not available' },
}

/** 매주 월요일 09:00 · 지난주 매출 (멈춤) */
function lineOf({ catalog, now }: SubscriptionDeps, one: Subscription, language: Language): string {
  const words = { catalog, language, now: now() }
  const when =
    one.cron === undefined ? (language === 'ko' ? '바뀔 때' : 'on changes') : scheduleWords(one.cron, language)
  const what = one.kind === 'alert' ? conditionOf(one, words) : titleOf(one, words)
  const state = one.state === 'paused' ? ` (${reasons[one.reason ?? 'by-owner'][language]})` : ''
  const failed =
    one.lastOutcome === 'failed' ? (language === 'ko' ? ' (지난번에는 보내지 못했어요)' : ' (last time failed)') : ''
  return `${when} · ${what}${state}${failed}`
}

const verbs: Record<Act, { ko: string; en: string }> = {
  stop: { ko: '그만 보내줘', en: 'Stop sending number' },
  pause: { ko: '구독 잠시 멈춰줘', en: 'Pause subscription number' },
  resume: { ko: '다시 보내줘', en: 'Resume number' },
  reschedule: { ko: '그만 보내줘', en: 'Stop sending number' },
}

function askWhichOne(
  deps: SubscriptionDeps,
  all: Subscription[],
  own: Subscription[],
  { act, language }: { act: Act; language: Language },
): StandingReply {
  const ko = language === 'ko'
  const prompts = own.slice(0, mostChoices).map((one) => {
    const number = all.indexOf(one) + 1
    const verb = verbs[act][language]
    return { label: lineOf(deps, one, language), text: ko ? `${number}번 ${verb}` : `${verb} ${number}` }
  })
  const text = ko ? `${own.length}개 가운데 어느 것인가요?` : `Which of the ${own.length}?`
  return { text, prompts: act === 'reschedule' ? [] : prompts, isDone: false }
}

function sayDone(deps: SubscriptionDeps, meant: Subscription[], request: ManageRequest, language: Language): string {
  const ko = language === 'ko'
  const [first] = meant
  const what =
    meant.length === 1 && first
      ? `**${lineOf(deps, first, language)}**`
      : ko
        ? `**${meant.length}개**`
        : `**${meant.length}** of them`
  switch (request.act) {
    case 'stop':
      return ko ? `이제 보내지 않아요: ${what}` : `No longer sent: ${what}`
    case 'pause':
      return ko
        ? `잠시 멈췄어요: ${what}. ‘다시 보내줘’라고 하면 이어서 보내요.`
        : `Paused: ${what}. Say “resume” to go on.`
    case 'resume':
      return ko ? `다시 보내 드릴게요: ${what}` : `On again: ${what}`
    default: {
      const when = scheduleWords(request.schedule ?? '', language)
      return ko ? `${when}에 보내도록 바꿨어요: ${what}` : `Now ${when}: ${what}`
    }
  }
}

function nothing(kind: ManageRequest['kind'], language: Language): string {
  if (language === 'en') return kind === 'alert' ? 'You have no alerts.' : 'Nothing is sent to you on a schedule.'
  return kind === 'alert'
    ? '받고 있는 알림이 없어요. ‘A-100 재고 100개 밑으로 떨어지면 알려줘’처럼 말해 보세요.'
    : '받고 있는 구독이 없어요. ‘매주 월요일 9시에 지난주 매출 메일로 보내줘’처럼 말해 보세요.'
}
