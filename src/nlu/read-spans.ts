import { type DayRange, isoOf } from './grammar/calendar.ts'
import { isPercent } from './grammar/numbers/units.ts'
import { type NumberReading, readNumbers } from './grammar/numbers.ts'
import { type PeriodReading, readTimes } from './grammar/periods.ts'
import { normalizeText } from './text/normalize.ts'

/** ISO dates; both ends inclusive, a missing one is open. */
export type IsoRange = { from?: string; to?: string }

/**
 * A number or time in a text, in characters of the text as it was typed. `value`: the number (a percentage as it is said, 30), or the ISO
 * day of a date. `unit`: what is counted, at the end of the span. `ahead`: how the words read looking forward, when that differs.
 */
export type GrammarSpan = { start: number; end: number; text: string } & (
  | { kind: 'number'; value: number; unit?: string }
  | { kind: 'percent'; value: number; unit?: string }
  | { kind: 'date'; value: string; ahead?: IsoRange }
  | ({ kind: 'period'; ahead?: IsoRange } & IsoRange)
)

type Place = { start: number; end: number }

const isoRange = ({ from, to }: DayRange): IsoRange => ({
  ...(from === undefined ? {} : { from: isoOf(from) }),
  ...(to === undefined ? {} : { to: isoOf(to) }),
})

function timeValue({ back, ahead }: PeriodReading) {
  const differs = back.from !== ahead.from || back.to !== ahead.to
  const looking = differs ? { ahead: isoRange(ahead) } : {}
  const { from, to } = isoRange(back)
  if (from !== undefined && from === to) return { kind: 'date' as const, value: from, ...looking }
  return { kind: 'period' as const, ...isoRange(back), ...looking }
}

const numberValue = ({ value, unit }: NumberReading) => ({
  kind: isPercent(unit) ? ('percent' as const) : ('number' as const),
  value,
  ...(unit === undefined ? {} : { unit }),
})

const overlaps = (a: Place, b: Place): boolean => a.start < b.end && b.start < a.end
const lengthOf = ({ start, end }: Place): number => end - start

/**
 * What the grammars of understanding read in a text: times and numbers, of overlapping ones the longer. `today` is an ISO date. Words of
 * time that name no days (2월 30일) are left out, with the numbers in them. Never throws.
 */
export function readSpans(raw: string, today: string): GrammarSpan[] {
  const { text, rawAt } = normalizeText(raw)
  const { periods, unclear } = readTimes(text, today)
  const all = readNumbers(text)
  const times = [...periods, ...unclear]
  const numbers = all.filter((one) => times.every((time) => !overlaps(one, time) || lengthOf(one) > lengthOf(time)))
  const place = ({ start, end }: Place) => {
    const from = rawAt[start] ?? 0
    const to = (rawAt[end - 1] ?? 0) + 1
    return { start: from, end: to, text: raw.slice(from, to) }
  }
  return [
    ...periods
      .filter((time) => numbers.every((one) => !overlaps(one, time)))
      .map((one) => ({ ...place(one), ...timeValue(one) })),
    ...numbers.map((one) => ({ ...place(one), ...numberValue(one) })),
  ].sort((a, b) => a.start - b.start)
}
