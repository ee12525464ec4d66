import { endOfDay, startOfDay } from '../../parts/when.ts'

/** What is filled in above a list of messages; days are YYYY-MM-DD, empty fields ask for nothing. */
export type MessageFilters<State extends string> = {
  state: State | ''
  recipient: string
  firstDay: string
  lastDay: string
}

export const noMessageFilters = { state: '', recipient: '', firstDay: '', lastDay: '' } as const

/** A whole address, as far as one can tell: half of one finds nothing, and is not asked for. */
export function isWholeAddress(text: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim())
}

/** What is asked of the server for what is filled in: whole days in Seoul, the last one included. */
export function toMessageQuery<State extends string>(filled: MessageFilters<State>): Record<string, string> {
  const { state, recipient, firstDay, lastDay } = filled
  return {
    ...(state && { state }),
    ...(isWholeAddress(recipient) && { recipient: recipient.trim() }),
    ...(firstDay && { from: startOfDay(firstDay) }),
    ...(lastDay && { to: endOfDay(lastDay) }),
  }
}
