import type { ConversationSummary } from '../../../src/chat/api.ts'

const ages = ['today', 'yesterday', 'week', 'earlier'] as const
type Age = (typeof ages)[number]
export type ConversationGroup = { age: Age; conversations: ConversationSummary[] }

const dayMs = 86_400_000
const seoulDay = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Seoul' })

/** Number of the day in Seoul, so that "yesterday" is the calendar's, not 24 hours ago. */
function dayNumber(instant: Date): number {
  return Date.parse(seoulDay.format(instant)) / dayMs
}

/** Conversations by age, newest first, without empty groups. */
export function groupByAge(conversations: ConversationSummary[], now: Date): ConversationGroup[] {
  const today = dayNumber(now)
  const ageOf = (conversation: ConversationSummary): Age => {
    const days = today - dayNumber(new Date(conversation.updatedAt))
    if (days <= 0) return 'today'
    if (days === 1) return 'yesterday'
    return days <= 7 ? 'week' : 'earlier'
  }
  const sorted = conversations.toSorted((a, b) => Date.parse(b.updatedAt) - Date.parse(a.updatedAt))
  return ages
    .map((age) => ({ age, conversations: sorted.filter((conversation) => ageOf(conversation) === age) }))
    .filter((group) => group.conversations.length > 0)
}
