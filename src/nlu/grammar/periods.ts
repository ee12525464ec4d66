import type { AtomicPeriod } from './atomic-periods.ts'
import { type Day, type DayRange, dayOf, makeDay, unitAround, yearOf } from './calendar.ts'
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

const overlaps = (a: { start: number; end: number }, b: { start: number; end: number }): boolean =>
  a.start < b.end && b.start < a.end

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
const numberSpread = /(?<![\d.])(1[0-2]|0?[1-9])\s*월?\s*(?:[~∼〜-]|에서|부터)\s*(?=(?:1[0-2]|0?[1-9])\s*월)/g
const untilAfter = /^\s*(?:까지(?!\s*납기)|이전|전까지)/
const fromAfter = /^\s*(?:부터|이후(?:로|에)?|이래)/
const toDate = /^\s*(?:지금까지|현재까지|오늘까지|so far|to date)/
/** 올해 들어 is since its start; 들어온 and 들어간 are what came in and went out. */
const sinceEntering =
  /^\s*들어(?:서(?![가-힣])|(?![가-힣])(?!\s*(?:온|올|왔던|간|갈|갔던)(?![가-힣]))(?!\s*(?:오[는던고]|왔|와|가[는던고]|갔)))/
const baselineAfter = /^\s*(?:대비|보다|에?\s*비해서?|에?\s*비하면|(?:이?랑|와|과|하고)는?\s*(?:비교|차이|견주))/
const baselineBefore = /(?:compared? (?:to|with)|versus|vs\.?|against|than|over)\s*(?:the\s*)?$/
const sinceBefore = /\b(?:since|starting(?: from)?|(?:as )?from and after)\s*(?:the\s*)?$/
/** From March is March; only a word after it leaves the end open. */
const onwardsAfter = /^\s*(?:on\s?wards?|forward|and (?:later|after)|on(?=\s*(?:$|[?.!,])))/
const untilNowAfter = /^\s*(?:to|until|till|through|up to)\s*(?:now|today|the present|date)\b/
const afterBefore = /\bafter\s*(?:the\s*)?$/
const untilBefore = /\b(?:until|till|by|through|up to)\s*(?:the\s*)?(?:end of\s*)?$/
const beforeBefore = /\bbefore\s*(?:the\s*)?$/

const whole = (one: AtomicPeriod): PeriodReading => {
  const { yearSaid: _, ...rest } = one
  return { ...rest, isBaseline: false }
}

/** From the first reading's start to the second's end. A second one without a year takes the first's, or the next that fits. */
function join(first: AtomicPeriod, second: AtomicPeriod, today: Day): PeriodReading {
  const shift = (range: { from: Day; to: Day }, from: Day): Day => {
    if (second.yearSaid !== undefined) return range.to
    const moved = first.yearSaid === undefined ? range : atYear(second, first.yearSaid)
    return moved.to < from ? atYear(second, yearOf(moved.from) + 1).to : moved.to
  }
  const back = { from: first.back.from, to: shift(second.back, first.back.from) }
  // A stretch that has begun but not ended is the one meant, also when looking ahead.
  const ahead = back.to >= today ? back : { from: first.ahead.from, to: shift(second.ahead, first.ahead.from) }
  return { start: first.start, end: second.end, unit: second.unit, back, ahead, isBaseline: false }
}

function atYear(one: AtomicPeriod, year: number): { from: Day; to: Day } {
  const by = year - yearOf(one.back.from)
  const move = (day: Day): Day => {
    const date = new Date(day * 86_400_000)
    return makeDay(date.getUTCFullYear() + by, date.getUTCMonth() + 1, date.getUTCDate())
  }
  return {
    from: move(one.back.from),
    to: one.unit === 'month' ? unitAround(move(one.back.from), 'month').to : move(one.back.to),
  }
}

/** What the words right before and after a time make of it: open ends, up to today, or a baseline. */
function widen(text: string, one: PeriodReading, today: Day): PeriodReading {
  const after = text.slice(one.end)
  const before = text.slice(0, one.start)
  const take = (pattern: RegExp, change: Partial<PeriodReading>): PeriodReading | undefined => {
    const match = pattern.exec(after)
    return match ? { ...one, ...change, end: one.end + match[0].length } : undefined
  }
  const lead = (pattern: RegExp, change: Partial<PeriodReading>): PeriodReading | undefined => {
    const match = pattern.exec(before)
    return match ? { ...one, ...change, start: match.index } : undefined
  }
  const only = (from: (range: DayRange) => DayRange): Partial<PeriodReading> => {
    const { relative: _, ...rest } = { ...one }
    return { ...rest, back: from(one.back), ahead: from(one.ahead) }
  }
  const until = only(({ to }) => (to === undefined ? {} : { to }))
  const since = only(({ from }) => (from === undefined ? {} : { from }))
  const toToday = {
    ...only(({ from }) => ({ ...(from === undefined ? {} : { from }), to: today })),
    ...(one.relative?.startsWith('this') ? { relative: `${one.relative.slice(4).toLowerCase()}ToDate` } : {}),
  }
  const isRunning = one.unit !== 'day' && (one.back.from ?? today) <= today && (one.back.to ?? today) >= today
  const fromThenNow = /^\s*(?:부터|이후)?\s*(?:지금|현재|오늘|여태)까지/
  return (
    take(fromThenNow, toToday) ??
    take(toDate, toToday) ??
    (isRunning ? take(sinceEntering, toToday) : undefined) ??
    take(untilNowAfter, toToday) ??
    take(onwardsAfter, since) ??
    take(baselineAfter, { isBaseline: true }) ??
    take(fromAfter, since) ??
    take(untilAfter, until) ??
    lead(baselineBefore, { isBaseline: true }) ??
    lead(
      afterBefore,
      only(({ to }) => (to === undefined ? {} : { from: to + 1 })),
    ) ??
    lead(sinceBefore, since) ??
    lead(
      beforeBefore,
      only(({ from }) => (from === undefined ? {} : { to: from - 1 })),
    ) ??
    lead(untilBefore, until) ??
    one
  )
}

const toDateRules: [RegExp, (today: Day) => AtomicPeriod['back'], AtomicPeriod['unit'], string][] = [
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

function readToDates(text: string, today: Day): AtomicPeriod[] {
  return toDateRules.flatMap(([pattern, make, unit, relative]) =>
    [...text.matchAll(pattern)].map((m) => ({
      start: m.index,
      end: m.index + m[0].trimEnd().length,
      unit,
      back: make(today),
      ahead: make(today),
      relative,
    })),
  )
}

/** Every time in a lower-case text, as the longest readings, in order. `today` is an ISO date. */
export function readPeriods(text: string, todayIso: string): PeriodReading[] {
  const today = dayOf(todayIso)
  // 1~3월, 3월~5월 written short: the month sign is given to the first number too.
  const short = [...text.matchAll(numberSpread)].flatMap((m) =>
    readKoreanPeriods(`${m[1]}월`, today).map((one) => ({
      ...one,
      start: m.index,
      end: m.index + (m[1] ?? '').length + (/월/.test(m[0]) ? m[0].indexOf('월') + 1 - (m[1] ?? '').length : 0),
    })),
  )
  const atoms = keepLongest([
    ...readToDates(text, today),
    ...readKoreanPeriods(text, today),
    ...readEnglishPeriods(text, today),
    ...short,
  ])
  const result: PeriodReading[] = []
  for (let i = 0; i < atoms.length; i += 1) {
    const first = atoms[i]
    const second = atoms[i + 1]
    if (!first) break
    const between = second ? text.slice(first.end, second.start) : ''
    if (
      second &&
      spread.test(between) &&
      (!/^\s*and\s*$/.test(between) || spreadBefore.test(text.slice(0, first.start)))
    ) {
      const joined = join(first, second, today)
      const lead = spreadBefore.exec(text.slice(0, first.start))
      const tail = /^\s*(?:까지|사이)/.exec(text.slice(second.end))
      result.push({ ...joined, start: lead ? lead.index : joined.start, end: joined.end + (tail?.[0].length ?? 0) })
      i += 1
    } else result.push(widen(text, whole(first), today))
  }
  return result
}
