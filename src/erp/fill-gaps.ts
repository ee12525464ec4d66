import type { Period } from '#catalog'
import type { Dimension } from './dimension.ts'
import type { Aggregate } from './erp-connector.ts'
import { emptyParts, type Group } from './group.ts'
import { listUnits } from './period.ts'

/** Longer series (ten years of days) are left as they are: nobody reads them point by point. */
const longestSeries = 3_700

/**
 * Adds the units in which nothing happened to a series over time: inside the asked period up to today, or between the
 * first and last unit when the period is not about this date. An answer with nothing in it stays empty.
 */
export function fillGaps(
  groups: Group[],
  dimension: Dimension,
  aggregates: Aggregate[],
  { period, today }: { period: Period | undefined; today: string },
): Group[] {
  const dates = groups.flatMap(({ cells: [cell] }) => (typeof cell === 'string' ? [cell] : [])).sort()
  const [first, last] = [dates[0], dates.at(-1)]
  if (!first || !last || !dimension.grain) return groups
  const asked = period?.field === dimension.field ? period : undefined
  const from = asked?.from ?? first
  const to = asked ? earlier(asked.to ?? today, today) : last
  const there = new Set(dates)
  const missing = listUnits({ from, to }, dimension.grain, longestSeries)?.filter((date) => !there.has(date)) ?? []
  return [...groups, ...missing.map((date) => ({ cells: [date], parts: emptyParts(aggregates) }))]
}

function earlier(a: string, b: string): string {
  return a < b ? a : b
}
