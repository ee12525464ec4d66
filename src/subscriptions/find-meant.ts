import { type Condition, splitDimension, splitMeasure } from '#catalog'
import type { ManageRequest, Mention } from '#nlu'
import type { Subscription } from './subscription.ts'

/** Those that are meant; or those among which a person has to choose, and whether nothing fits what was said. */
export type Meant = { meant: Subscription[] } | { choices: Subscription[]; fitsNone: boolean }

/**
 * Finds what a request means among `own`, the ones of its kind; `all` is the list that the chat numbers. The nth of it, everything, what
 * fits the subject that was named (A-100 재고 알림), the only one there is, or, when nothing tells, the one made or changed last.
 */
export function findMeant(request: ManageRequest, all: Subscription[], own: Subscription[]): Meant {
  const { which, about = [], act, kind } = request
  if (typeof which === 'number') {
    const meant = all.slice(which - 1, which)
    return meant.length > 0 ? { meant } : { choices: own, fitsNone: false }
  }
  const fitting = own.filter((one) => about.every((mention) => isAbout(one, mention)))
  if (fitting.length === 0) return { choices: choicesOf(own, about), fitsNone: true }
  if (which === 'all') return { meant: fitting }
  const open = fitting.filter(
    ({ state }) => act === 'stop' || act === 'reschedule' || (state === 'active') === (act === 'pause'),
  )
  if (open.length === 1) return { meant: open }
  // 그거 is what was made last; 구독 alone, of several, could be any.
  const last = about.length === 0 && kind === undefined ? open.slice(-1) : []
  return last.length > 0 ? { meant: last } : { choices: open.length > 0 ? open : fitting, fitsNone: false }
}

/** What fits the words that somebody knows, if anything does. */
function choicesOf(own: Subscription[], about: Mention[]): Subscription[] {
  const known = about.filter(({ meanings }) => meanings.length > 0)
  const near = own.filter((one) => known.every((mention) => isAbout(one, mention)))
  return near.length > 0 ? near : own
}

/** Whether a word can mean something that a subscription is about; a name stands in its conditions. */
function isAbout({ query }: Subscription, { meanings }: Mention): boolean {
  const { entity, measures, groupBy = [], where = [] } = query
  const fields = new Set([
    ...measures.map((text) => splitMeasure(text).measure),
    ...groupBy.map((text) => splitDimension(text).field),
    ...where.map(([field]) => splitMeasure(field).measure),
  ])
  return meanings.some((meaning) => {
    if (meaning.entity !== undefined && meaning.entity !== entity) return false
    if (meaning.value !== undefined) return where.some((condition) => hasValue(condition, meaning.value, meaning.field))
    return meaning.field === undefined || fields.has(meaning.field)
  })
}

const hasValue = ([field, , value]: Condition, wanted: string | undefined, of: string | undefined): boolean =>
  (of === undefined || of === field) && [value].flat().includes(wanted ?? '')
