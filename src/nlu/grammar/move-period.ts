import type { Period } from '#catalog'
import { type ClosedRange, type Day, dayOf, isoOf, lastUnits, nextUnits, type Unit, unitAround } from './calendar.ts'

const units = ['day', 'week', 'month', 'quarter', 'half', 'year'] as const
const unitOf = (text = ''): Unit | undefined => units.find((unit) => unit === text.toLowerCase())
const days = new Map([
  ['today', 0],
  ['yesterday', -1],
  ['tomorrow', 1],
])
const sides = new Map([
  ['this', 0],
  ['last', -1],
  ['next', 1],
])

function rangeOf(name: string, today: Day): ClosedRange | undefined {
  const day = days.get(name)
  if (day !== undefined) return unitAround(today, 'day', day)
  const toDate = unitOf(/^([a-z]+)ToDate$/.exec(name)?.[1])
  if (toDate) return { from: unitAround(today, toDate).from, to: today }
  const [, side, count, word] = /^(this|last|next)(\d{0,4})([A-Z][a-z]+?)s?$/.exec(name) ?? []
  const unit = unitOf(word)
  if (unit && side && count === '') return unitAround(today, unit, sides.get(side))
  if (unit && side === 'last') return lastUnits(today, unit, Number(count))
  if (unit && side === 'next') return nextUnits(today, unit, Number(count))
  const [, ago, agoWord, ahead, aheadWord] =
    /^(?:(\d{1,4})([A-Z][a-z]+?)sAgo|in(\d{1,4})([A-Z][a-z]+?)s)$/.exec(name) ?? []
  const other = unitOf(agoWord ?? aheadWord)
  return other && unitAround(today, other, ago === undefined ? Number(ahead) : -Number(ago))
}

/**
 * The period as it is on `today` (ISO): one that was said relative to the day moves with it (`lastWeek`), the ends of any other stay.
 * A name that is none of ours leaves the period as it is.
 */
export function movePeriod(period: Period, today: string): Period {
  const range = period.relative === undefined ? undefined : rangeOf(period.relative, dayOf(today))
  return range ? { ...period, from: isoOf(range.from), to: isoOf(range.to) } : period
}
