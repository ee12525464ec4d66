import { Temporal } from 'temporal-polyfill'
import type { Grain } from '#catalog'

/** Both ends inclusive, ISO dates. */
export type Span = { from: string; to: string }

const unit = {
  day: { days: 1 },
  week: { weeks: 1 },
  month: { months: 1 },
  quarter: { months: 3 },
  year: { years: 1 },
} as const
/** A period counted in units that ends today: 최근 7일. It starts where it starts by chance, so it is no running unit. */
const rolling = /\d/

/** First day of the unit that a date is in; weeks start on Monday. */
export function startOfUnit(date: string, grain: Grain): string {
  const [year = '', month = ''] = date.split('-')
  if (grain === 'year') return `${year}-01-01`
  if (grain === 'month') return `${year}-${month}-01`
  if (grain === 'quarter') return `${year}-${String(Math.floor((Number(month) - 1) / 3) * 3 + 1).padStart(2, '0')}-01`
  if (grain === 'day') return date
  const day = Temporal.PlainDate.from(date)
  return day.subtract({ days: day.dayOfWeek - 1 }).toString()
}

/** First days of all units that touch the span, earliest first; undefined when they are more than `most`. */
export function listUnits(span: Span, grain: Grain, most: number): string[] | undefined {
  const units: string[] = []
  let start = Temporal.PlainDate.from(startOfUnit(span.from, grain))
  for (const end = Temporal.PlainDate.from(span.to); Temporal.PlainDate.compare(start, end) <= 0; ) {
    if (units.length === most) return undefined
    units.push(start.toString())
    start = start.add(unit[grain])
  }
  return units
}

/**
 * The period to compare with. A whole unit, or one that runs until today, compares with the whole unit before it; several
 * whole months with as many months before; anything else with as many days before. `relative` tells 최근 7일 from 이번 주.
 */
export function previousPeriod(span: Span, today: string, relative = ''): Span {
  const running = span.to === today && !rolling.test(relative) ? runningUnit(span) : undefined
  const whole = running ?? (rolling.test(relative) ? undefined : wholeUnit(span))
  if (whole) {
    const start = Temporal.PlainDate.from(span.from).subtract(unit[whole])
    return { from: start.toString(), to: dayBefore(span.from) }
  }
  const from = Temporal.PlainDate.from(span.from)
  const next = Temporal.PlainDate.from(span.to).add({ days: 1 })
  if (from.day === 1 && next.day === 1) {
    return {
      from: from.subtract({ months: from.until(next, { largestUnit: 'months' }).months }).toString(),
      to: dayBefore(span.from),
    }
  }
  return { from: from.subtract({ days: from.until(next).days }).toString(), to: dayBefore(span.from) }
}

/** The same dates a year before; 29 February becomes the 28th. */
export function previousYear(span: Span): Span {
  const back = (date: string) => Temporal.PlainDate.from(date).subtract({ years: 1 }).toString()
  return { from: back(span.from), to: back(span.to) }
}

/** The unit whose first and last day the span has. */
function wholeUnit(span: Span): Grain | undefined {
  const next = Temporal.PlainDate.from(span.to).add({ days: 1 })
  return (['day', 'week', 'month', 'quarter', 'year'] as const).find(
    (grain) =>
      startOfUnit(span.from, grain) === span.from && Temporal.PlainDate.from(span.from).add(unit[grain]).equals(next),
  )
}

/** The unit that a span until today began: this month so far, this year so far. One day is a day. */
function runningUnit(span: Span): Grain | undefined {
  if (span.from === span.to) return 'day'
  return (['month', 'year', 'quarter', 'week'] as const).find(
    (grain) => startOfUnit(span.from, grain) === span.from && startOfUnit(span.to, grain) === span.from,
  )
}

function dayBefore(date: string): string {
  return Temporal.PlainDate.from(date).subtract({ days: 1 }).toString()
}
