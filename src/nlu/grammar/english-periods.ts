import {
  type AtomicPeriod,
  unitFromNow as around,
  capitalize,
  dayOfYear,
  type PeriodMade,
  periodRule as rule,
  runPeriodRules,
  unitOfYear,
} from './atomic-periods.ts'
import {
  type ClosedRange,
  type Day,
  lastUnits,
  makeDay,
  nextUnits,
  type Unit,
  unitAround,
  weekdayOf,
  yearOf,
} from './calendar.ts'
import { englishNumbers } from './number-words.ts'

const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]
const monthWord =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)'
const monthOfWord = (word: string): number => months.findIndex((month) => month.startsWith(word.slice(0, 3))) + 1

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
const numbers: Record<string, number> = { a: 1, an: 1, ...englishNumbers }
const countOf = (word: string | undefined): number => (word === undefined ? 1 : (numbers[word] ?? Number(word)))
const count = `(\\d{1,3}|${Object.keys(numbers).join('|')})`
const unitWord = '(day|week|month|quarter|year)s?'
const sideOffset: Record<string, number> = {
  this: 0,
  current: 0,
  last: -1,
  previous: -1,
  past: -1,
  prior: -1,
  next: 1,
  coming: 1,
  following: 1,
}
const side = `(${Object.keys(sideOffset).join('|')})`
const ordinals: Record<string, number> = {
  first: 1,
  '1st': 1,
  second: 2,
  '2nd': 2,
  third: 3,
  '3rd': 3,
  fourth: 4,
  '4th': 4,
}

/** What makes a number of four digits a quantity and no year. */
const counted =
  '[$%₩만억천원개건명대장]|이상|이하|초과|미만|넘|보다|밑|아래|(?:won|krw|units?|pcs|pieces?|or|percent|people|days)\\b'

const yearOfText = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text))
const optionalYear = '(?:,?\\s+(?:of\\s+)?(20\\d\\d))?'
const yearSide = `(?:,?\\s+(?:of\\s+)?(this|last|next)\\s+year)?`

function sideYear(today: Day, year: string | undefined, word: string | undefined): number | undefined {
  return year ? Number(year) : word ? yearOf(today) + (sideOffset[word] ?? 0) : undefined
}

function weekdayReading(today: Day, index: number, word: string | undefined) {
  const at = (week: number) => unitAround(today, 'week', week).from + index
  const one = (day: Day) => ({ from: day, to: day })
  if (word === 'next') return { unit: 'day' as const, back: one(at(1)) }
  if (word === 'last') return { unit: 'day' as const, back: one(at(index < weekdayOf(today) ? 0 : -1)) }
  return {
    unit: 'day' as const,
    back: one(at(index <= weekdayOf(today) ? 0 : -1)),
    ahead: one(at(index >= weekdayOf(today) ? 0 : 1)),
  }
}

/** Thirds of a month, as 초, 중순 and 말 are in Korean. */
function thirdOfMonth(today: Day, word: string, month: string, year: string | undefined): PeriodMade | undefined {
  const made = unitOfYear(today, 'month', monthOfWord(month), yearOfText(year))
  if (!made) return undefined
  const cut = ({ from, to }: ClosedRange): ClosedRange => {
    if (/^(?:early|start|beginning)/.test(word)) return { from, to: from + 9 }
    return /^mid/.test(word) ? { from: from + 10, to: from + 19 } : { from: from + 20, to }
  }
  return { ...made, unit: 'day', back: cut(made.back), ahead: cut(made.ahead ?? made.back) }
}

function weekend(today: Day, word: string): PeriodMade {
  const { from, to } = unitAround(today, 'week', sideOffset[word] ?? 0)
  return { unit: 'day', back: { from: from + 5, to } }
}

const rules = [
  rule(`\\b(today|yesterday|tomorrow)(?:'s)?\\b`, (m, today) =>
    around(today, 'day', m[1] === 'today' ? 0 : m[1] === 'yesterday' ? -1 : 1),
  ),
  rule(`\\bthe day before yesterday\\b`, (_, today) => around(today, 'day', -2)),
  rule(`\\b(?:the\\s+)?${side}\\s+(week|month|quarter|year)(?:'?s)?\\b`, (m, today) =>
    around(today, m[2] as Unit, sideOffset[m[1] ?? ''] ?? 0),
  ),
  rule(`\\b(?:the\\s+)?(week|month|quarter|year)\\s+before\\s+last\\b`, (m, today) => around(today, m[1] as Unit, -2)),
  rule(`\\b(?:the|over the|in the)?\\s*(?:last|past|previous|trailing)\\s+${count}\\s+${unitWord}\\b`, (m, today) => ({
    unit: 'day',
    back: lastUnits(today, m[2] as Unit, countOf(m[1])),
    relative: `last${countOf(m[1])}${capitalize(m[2] ?? '')}s`,
  })),
  rule(
    `\\b(?:(?:in|within|for|over)?\\s*the\\s+)?(?:next|coming)\\s+${count}\\s+${unitWord}\\b|\\bwithin\\s+${count}\\s+${unitWord}\\b`,
    (m, today) => ({
      unit: 'day',
      back: nextUnits(today, (m[2] ?? m[4]) as Unit, countOf(m[1] ?? m[3])),
      relative: `next${countOf(m[1] ?? m[3])}${capitalize(m[2] ?? m[4] ?? '')}s`,
    }),
  ),
  rule(`\\b${count}\\s+${unitWord}\\s+ago\\b`, (m, today) => around(today, m[2] as Unit, -countOf(m[1]))),
  // In 3 days may be then or until then; three weeks from now is that week.
  rule(`\\b${count}\\s+${unitWord}\\s+from\\s+(?:now|today)\\b`, (m, today) =>
    around(today, m[2] as Unit, countOf(m[1])),
  ),
  rule(
    `\\b(?:the\\s+)?(early|mid|middle of|late|end of|start of|beginning of)[\\s-]+${monthWord}\\b${optionalYear}`,
    (m, today) => thirdOfMonth(today, m[1] ?? '', m[2] ?? '', m[3]),
  ),
  rule(`\\b(this|last|next)\\s+weekend\\b`, (m, today) => weekend(today, m[1] ?? '')),
  rule(`\\b(?:fy|fiscal\\s+(?:year\\s+)?)_(20\\d\\d)\\b`, (m) => ({
    unit: 'year',
    back: unitAround(makeDay(Number(m[1]), 1, 1), 'year'),
    yearSaid: Number(m[1]),
  })),
  rule(
    `\\b${monthWord}\\.?\\s+(\\d{1,2})(?:st|nd|rd|th)?\\b${optionalYear}(?!\\s*(?:%|percent|units|days|million))`,
    (m, today) => dayOfYear(today, monthOfWord(m[1] ?? ''), Number(m[2]), yearOfText(m[3])),
  ),
  rule(`\\b(\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?${monthWord}\\b${optionalYear}`, (m, today) =>
    dayOfYear(today, monthOfWord(m[2] ?? ''), Number(m[1]), yearOfText(m[3])),
  ),
  rule(`\\b${monthWord}\\b\\.?${optionalYear}${yearSide}(?!\\s+\\d{1,2}(?:st|nd|rd|th)?\\b(?!\\d))`, (m, today) =>
    m[1] === 'may' && /\b(?:you|i|we|it|be)\b/.test(m.input.slice(m.index + 3, m.index + 8))
      ? undefined
      : unitOfYear(today, 'month', monthOfWord(m[1] ?? ''), sideYear(today, m[2], m[3])),
  ),
  rule(
    `\\b(?:q([1-4])|([1-4])q|(first|second|third|fourth|1st|2nd|3rd|4th)\\s+quarter)${optionalYear}${yearSide}(?![a-z\\d])`,
    (m, today) =>
      unitOfYear(today, 'quarter', Number(m[1] ?? m[2] ?? ordinals[m[3] ?? '']), sideYear(today, m[4], m[5])),
  ),
  rule(`\\b(20\\d\\d)\\s+q([1-4])\\b`, (m, today) => unitOfYear(today, 'quarter', Number(m[2]), Number(m[1]))),
  rule(`\\b(?:h([12])|(first|second|1st|2nd)\\s+half)(?:\\s+of)?${optionalYear}${yearSide}\\b`, (m, today) =>
    unitOfYear(today, 'half', Number(m[1] ?? ordinals[m[2] ?? '']), sideYear(today, m[3], m[4])),
  ),
  rule(`(?<![$₩€.,])\\b(20\\d\\d)\\b(?![-/.]?\\d|,\\d)(?!_(?:${counted}))`, (m) => {
    const year = Number(m[1])
    return /[-a-z]$/.test(m.input.slice(0, m.index))
      ? undefined
      : { unit: 'year', back: unitAround(makeDay(year, 1, 1), 'year'), yearSaid: year }
  }),
  rule(`\\b(?:(this|last|next)\\s+)?(${weekdays.join('|')})(?:'s)?\\b`, (m, today) =>
    weekdayReading(today, weekdays.indexOf(m[2] ?? ''), m[1]),
  ),
]

/** English times and calendar dates, each on its own: last month, Q3, 5 November, the past 30 days. */
export const readEnglishPeriods = (text: string, today: Day): AtomicPeriod[] =>
  /[a-z]{2}|20\d\d/.test(text) ? runPeriodRules(rules, text, today) : []
