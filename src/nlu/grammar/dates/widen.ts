import type { Day, DayRange } from '../calendar.ts'
import type { PeriodReading } from '../periods.ts'

const untilAfter = /^\s*(?:까지(?!\s*납기)|이전|전까지)/
const fromAfter = /^\s*(?:부터|이후(?:로|에)?|이래)/
const toDate = /^\s*(?:지금까지|현재까지|오늘까지|so far|to date)/
/** 올해 들어 is since its start; 들어온 and 들어간 are what came in and went out. */
const sinceEntering =
  /^\s*들어(?:서(?![가-힣])|(?![가-힣])(?!\s*(?:온|올|왔던|간|갈|갔던)(?![가-힣]))(?!\s*(?:오[는던고]|왔|와|가[는던고]|갔)))/
const baselineAfter = /^\s*(?:대비|보다|에?\s*비해서?|에?\s*비하면|(?:이?랑|와|과|하고)는?\s*(?:비교|차이|견주))/
const baselineBefore =
  /(?:compar(?:ed?|ing)(?: (?:it|this|that|them|these|those))? (?:to|with|against)|versus|vs\.?|against|than|over)\s*(?:the\s*)?$/
const sinceBefore = /\b(?:since|starting(?: from)?|(?:as )?from and after)\s*(?:the\s*)?$/
/** From March is March; only a word after it leaves the end open. */
const onwardsAfter = /^\s*(?:on\s?wards?|forward|and (?:later|after)|on(?=\s*(?:$|[?.!,])))/
const untilNowAfter = /^\s*(?:to|until|till|through|up to)\s*(?:now|today|the present|date)\b/
const afterBefore = /\bafter\s*(?:the\s*)?$/
const untilBefore = /\b(?:until|till|by|through|up to)\s*(?:the\s*)?(?:end of\s*)?$/
const beforeBefore = /\bbefore\s*(?:the\s*)?$/

/** 금요일 하루: only that day. */
const wholeDay = /^\s*하루(?:치|동안)?(?![가-힣])/

const fromThenNow = /^\s*(?:부터|이후)?\s*(?:지금|현재|오늘|여태)까지/
const asBaseline = () => ({ isBaseline: true })

/** What the words right before and after a time make of it: open ends, up to today, or a baseline. */
export function widen(text: string, one: PeriodReading, today: Day): PeriodReading {
  const after = text.slice(one.end)
  const before = text.slice(0, one.start)
  const take = (pattern: RegExp, change: () => Partial<PeriodReading>): PeriodReading | undefined => {
    const match = pattern.exec(after)
    return match ? { ...one, ...change(), end: one.end + match[0].length } : undefined
  }
  const lead = (pattern: RegExp, change: () => Partial<PeriodReading>): PeriodReading | undefined => {
    const match = pattern.exec(before)
    return match ? { ...one, ...change(), start: match.index } : undefined
  }
  const only = (from: (range: DayRange) => DayRange): Partial<PeriodReading> => {
    const { relative: _, ...rest } = one
    return { ...rest, back: from(one.back), ahead: from(one.ahead) }
  }
  const until = () => only(({ to }) => (to === undefined ? {} : { to }))
  const since = () => only(({ from }) => (from === undefined ? {} : { from }))
  const toToday = () => ({
    ...only(({ from }) => ({ ...(from === undefined ? {} : { from }), to: today })),
    ...(one.relative?.startsWith('this') ? { relative: `${one.relative.slice(4).toLowerCase()}ToDate` } : {}),
  })
  const isRunning = one.unit !== 'day' && (one.back.from ?? today) <= today && (one.back.to ?? today) >= today
  return (
    (one.unit === 'day' ? take(wholeDay, () => ({})) : undefined) ??
    take(fromThenNow, toToday) ??
    take(toDate, toToday) ??
    (isRunning ? take(sinceEntering, toToday) : undefined) ??
    take(untilNowAfter, toToday) ??
    take(onwardsAfter, since) ??
    take(baselineAfter, asBaseline) ??
    take(fromAfter, since) ??
    take(untilAfter, until) ??
    lead(baselineBefore, asBaseline) ??
    lead(afterBefore, () => only(({ to }) => (to === undefined ? {} : { from: to + 1 }))) ??
    lead(sinceBefore, since) ??
    lead(beforeBefore, () => only(({ from }) => (from === undefined ? {} : { to: from - 1 }))) ??
    lead(untilBefore, until) ??
    one
  )
}
