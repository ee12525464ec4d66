import type { Language } from '#catalog'
import type { StandingReply } from '#chat'
import { scheduleWords } from '#chat'
import type { ManageRequest } from '#nlu'
import { conditionOf, titleOf } from './describe-subscription.ts'
import type { Subscription } from './subscription.ts'
import type { SubscriptionDeps } from './subscription-deps.ts'

type Act = Exclude<ManageRequest['act'], 'list'>

const mostListed = 20
const mostChoices = 5

/** What there is, numbered as it is among all. */
export function sayList(deps: SubscriptionDeps, all: Subscription[], own: Subscription[], language: Language) {
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

/** 매주 월요일 09:00 · 지난주 매출 */
function nameOf({ catalog, now }: SubscriptionDeps, one: Subscription, language: Language): string {
  const words = { catalog, language, now: now() }
  const when =
    one.cron === undefined ? (language === 'ko' ? '바뀔 때' : 'on changes') : scheduleWords(one.cron, language)
  return `${when} · ${one.kind === 'alert' ? conditionOf(one, words) : titleOf(one, words)}`
}

/** Its name, whether it is paused and why, and whether the last time went wrong. */
function lineOf(deps: SubscriptionDeps, one: Subscription, language: Language): string {
  const state = one.state === 'paused' ? ` (${reasons[one.reason ?? 'by-owner'][language]})` : ''
  const failed =
    one.lastOutcome === 'failed' ? (language === 'ko' ? ' (지난번에는 보내지 못했어요)' : ' (last time failed)') : ''
  return `${nameOf(deps, one, language)}${state}${failed}`
}

/** Asks which is meant; each can be picked with what was asked for: its number before the same words. */
export function askWhichOne(
  deps: SubscriptionDeps,
  all: Subscription[],
  { choices, fitsNone }: { choices: Subscription[]; fitsNone: boolean },
  { language, question }: { language: Language; question: string },
): StandingReply {
  const ko = language === 'ko'
  const prompts = choices.slice(0, mostChoices).map((one) => {
    const nth = all.indexOf(one) + 1
    return { label: lineOf(deps, one, language), text: ko ? `${nth}번 ${question}` : `Number ${nth}: ${question}` }
  })
  const none = ko ? '말씀하신 것에 꼭 맞는 것은 없어요. ' : 'Nothing fits that exactly. '
  const which =
    choices.length === 1
      ? ko
        ? '이것을 말씀하신 건가요?'
        : 'Did you mean this one?'
      : ko
        ? `${choices.length}개 가운데 어느 것인가요?`
        : `Which of the ${choices.length}?`
  return { text: `${fitsNone ? none : ''}${which}`, prompts, isDone: false }
}

/** What was done; `done` are as they are afterwards. */
export function sayDone(deps: SubscriptionDeps, done: Subscription[], act: Act, language: Language): string {
  const ko = language === 'ko'
  const [first] = done
  const many = ko ? `**${done.length}개**` : `**${done.length}** of them`
  const what = done.length === 1 && first ? `**${nameOf(deps, first, language)}**` : many
  if (act === 'stop') return ko ? `이제 보내지 않아요: ${what}` : `No longer sent: ${what}`
  if (act === 'pause')
    return ko
      ? `잠시 멈췄어요: ${what}. ‘다시 보내줘’라고 하면 이어서 보내요.`
      : `Paused: ${what}. Say “resume” to go on.`
  if (act === 'resume') return ko ? `다시 보내 드릴게요: ${what}` : `On again: ${what}`
  return ko ? `보낼 때를 바꿨어요: ${what}` : `Changed when it is sent: ${what}`
}

/** There is none of the kind. */
export function sayNothing(kind: ManageRequest['kind'], language: Language): string {
  if (language === 'en') return kind === 'alert' ? 'You have no alerts.' : 'Nothing is sent to you on a schedule.'
  return kind === 'alert'
    ? '받고 있는 알림이 없어요. ‘A-100 재고 100개 밑으로 떨어지면 알려줘’처럼 말해 보세요.'
    : '받고 있는 구독이 없어요. ‘매주 월요일 9시에 지난주 매출 메일로 보내줘’처럼 말해 보세요.'
}
