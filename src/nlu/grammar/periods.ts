import type { AtomicPeriod } from './atomic-periods.ts'
import { type Day, type DayRange, dayOf } from './calendar.ts'
import { chain, join } from './dates/join.ts'
import { readShortForms } from './dates/short-forms.ts'
import { readToDates } from './dates/to-date.ts'
import { widen } from './dates/widen.ts'
import { readEnglishPeriods } from './english-periods.ts'
import { readKoreanPeriods } from './korean-periods.ts'

/** A stretch of time as said, with its particles: `3월부터 5월까지` is one. `isBaseline`: what the answer is compared with (지난달보다). */
export type PeriodReading = {
  start: number
  end: number
  unit: AtomicPeriod['unit']
  back: DayRange
  ahead: DayRange
  relative?: string
  isBaseline: boolean
}

/** Words of time: those that name days, and those that name none (2월 30일, 며칠 전, 5월부터 작년 3월까지). */
export type TimeReadings = { periods: PeriodReading[]; unclear: { start: number; end: number }[] }

const overlaps = (a: { start: number; end: number }, b: { start: number; end: number }): boolean =>
  a.start < b.end && b.start < a.end

/** 그제 하루치: the day that was said, not one more stretch of a day. */
function joinWholeDays(text: string, atoms: readonly AtomicPeriod[]): AtomicPeriod[] {
  return atoms.flatMap((one, i) => {
    const next = atoms[i + 1]
    const before = atoms[i - 1]
    const isWhole = (day: AtomicPeriod, whole: AtomicPeriod): boolean =>
      day.unit === 'day' &&
      /^하루/.test(text.slice(whole.start, whole.end)) &&
      text.slice(day.end, whole.start).trim() === ''
    if (before && isWhole(before, one)) return []
    return next && isWhole(one, next) ? [{ ...one, end: next.end }] : [one]
  })
}

/** The longest readings, left to right, none overlapping another. */
function keepLongest(found: AtomicPeriod[]): AtomicPeriod[] {
  const kept: AtomicPeriod[] = []
  for (const one of [...found].sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start)) {
    if (!kept.some((other) => overlaps(one, other))) kept.push(one)
  }
  return kept.sort((a, b) => a.start - b.start)
}

const spreadBefore = /(?:from|between|since)\s*$/
const spread = /^\s*(?:부터|에서|서|~|∼|〜|-|–|to|through|thru|until|till|and)\s*$/
const spreadWithin = /^\s*(?:과|와|이?랑|하고)\s*$/
const listed = /^\s*(?:,|·|\/|와|과|이?랑|하고|및|그리고|and|&)\s*$/
const compared =
  /비교|대비|보다|차이|비해|비하|견주|달라|변화|변동|증감|늘|줄|증가|감소|성장|하락|상승|각각|따로|\b(?:vs|versus|compared?|than|against|differences?|changes?|each|growth)\b/

const whole = ({ yearSaid: _, open: __, openEnd, ...one }: AtomicPeriod): PeriodReading => {
  const openAt = ({ from, to }: DayRange): DayRange =>
    openEnd === 'to' ? { ...(from === undefined ? {} : { from }) } : { ...(to === undefined ? {} : { to }) }
  const ends = openEnd ? { back: openAt(one.back), ahead: openAt(one.ahead) } : {}
  return { ...one, ...ends, isBaseline: false }
}

type Step = { used: number; reading?: PeriodReading; unclear?: { start: number; end: number } }

/** Two times that a word makes the ends of one. */
function readSpread(text: string, first: AtomicPeriod, second: AtomicPeriod | undefined, today: Day): Step | undefined {
  if (!second) return undefined
  const between = text.slice(first.end, second.start)
  const lead = spreadBefore.exec(text.slice(0, first.start))
  const tail = /^\s*(?:까지|사이)/.exec(text.slice(second.end))
  const isSpread =
    (spread.test(between) && (lead !== null || !/^\s*and\s*$/.test(between))) ||
    (spreadWithin.test(between) && /사이/.test(tail?.[0] ?? ''))
  if (!isSpread) return undefined
  const start = lead ? lead.index : first.start
  const end = second.end + (tail?.[0].length ?? 0)
  const joined = join(first, second, today)
  return joined ? { used: 2, reading: { ...joined, start, end } } : { used: 2, unclear: { start, end } }
}

/** 9월, 10월, 11월 is one stretch, unless times are held against each other; 이번 달, 지난달 are two. */
function readList(text: string, atoms: readonly AtomicPeriod[], at: number, isComparing: boolean): Step | undefined {
  const first = atoms[at]
  if (!first || isComparing || first.relative !== undefined) return undefined
  let end = at + 1
  for (let last = first; end < atoms.length; end += 1) {
    const next = atoms[end]
    if (!next || next.unit !== first.unit || next.relative !== undefined || next.isUnclear) break
    if (!listed.test(text.slice(last.end, next.start))) break
    last = next
  }
  const reading = end - at > 1 ? chain(atoms.slice(at, end)) : undefined
  return reading && { used: end - at, reading }
}

/** Every time in a lower-case text, as the longest readings, in order. `today` is an ISO date. */
export function readTimes(text: string, todayIso: string): TimeReadings {
  const today = dayOf(todayIso)
  const found = keepLongest([
    ...readToDates(text, today),
    ...readKoreanPeriods(text, today),
    ...readEnglishPeriods(text, today),
    ...readShortForms(text, today),
  ])
  const atoms = joinWholeDays(text, found)
  const isComparing = atoms.length > 1 && compared.test(text)
  const result: TimeReadings = { periods: [], unclear: [] }
  for (let i = 0; i < atoms.length; ) {
    const first = atoms[i]
    if (!first) break
    const step = readSpread(text, first, atoms[i + 1], today) ?? readList(text, atoms, i, isComparing)
    if (step?.unclear) result.unclear.push(step.unclear)
    else if (step?.reading) result.periods.push(step.reading)
    else if (first.isUnclear) result.unclear.push({ start: first.start, end: first.end })
    else result.periods.push(widen(text, whole(first), today))
    i += step?.used ?? 1
  }
  return result
}

/** Those of `readTimes` that name days. */
export const readPeriods = (text: string, todayIso: string): PeriodReading[] => readTimes(text, todayIso).periods
