import { createFinder } from '../../text/finder.ts'
import type { AtomicPeriod } from '../atomic-periods.ts'
import { type Day, unitAround } from '../calendar.ts'

type ToDate = [RegExp, (today: Day) => AtomicPeriod['back'], AtomicPeriod['unit'], string]
const patterns: ToDate[] = [
  [
    /(?:연초|년초)\s*(?:부터|이후)?(?:\s*(?:지금|현재|오늘)까지)?|\bytd\b|\b(?:year to date|so far this year)\b/g,
    (today) => ({ from: unitAround(today, 'year').from, to: today }),
    'day',
    'yearToDate',
  ],
  [
    /(?:월초)\s*(?:부터|이후)?(?:\s*(?:지금|현재|오늘)까지)?|\bmtd\b|\b(?:month to date|so far this month)\b/g,
    (today) => ({ from: unitAround(today, 'month').from, to: today }),
    'day',
    'monthToDate',
  ],
  [
    /\bqtd\b|\b(?:quarter to date|so far this quarter)\b/g,
    (today) => ({ from: unitAround(today, 'quarter').from, to: today }),
    'day',
    'quarterToDate',
  ],
]
const rules = patterns.map(([pattern, make, unit, relative]) => ({
  finder: createFinder(pattern),
  make,
  unit,
  relative,
}))

/** From the start of a year, quarter or month to today: 연초부터, MTD. */
export function readToDates(text: string, today: Day): AtomicPeriod[] {
  return rules.flatMap(({ finder, make, unit, relative }) =>
    finder.all(text).map((m) => ({
      start: m.index,
      end: m.index + m[0].trimEnd().length,
      unit,
      back: make(today),
      ahead: make(today),
      relative,
    })),
  )
}
