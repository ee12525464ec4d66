import { fullYear } from '../atomic-periods.ts'
import { type Day, type Unit, yearOf } from '../calendar.ts'

/** Words by what they stand for; `_` is optional space. */
type Table<T> = readonly (readonly [string, T])[]

const whole = new Map<string, RegExp>()
function matches(pattern: string, word: string): boolean {
  const compiled = whole.get(pattern) ?? new RegExp(`^(?:${pattern.replaceAll('_?', '').replaceAll('_', '')})$`)
  whole.set(pattern, compiled)
  return compiled.test(word)
}

const squeeze = (text: string): string => text.replace(/\s+/g, '')

/** What a word of a table stands for, however it is spaced. */
export const pick = <T>(table: Table<T>, word: string): T | undefined =>
  table.find(([pattern]) => matches(pattern, squeeze(word)))?.[1]

/** A pattern for every word of a table. */
export const anyOf = <T>(table: Table<T>): string => table.map(([pattern]) => pattern).join('|')

/** 해 that is a year, not the beginning of another word: 해외, 해당. */
export const yearSyllable = '해(?!당|외|결|지|제|체|소|임|약|운|양|상|석|명)'

export const years: [string, number][] = [
  [`지지난_${yearSyllable}|재작년|그러께`, -2],
  [`작년|지난_${yearSyllable}|전년도?`, -1],
  [`올_${yearSyllable}|금년도?|올`, 0],
  [`내년|다음_${yearSyllable}|명년`, 1],
  [`내후년|다다음_${yearSyllable}`, 2],
]
export const days: [string, number][] = [
  ['그끄저께|그끄제', -3],
  ['엊그제|그제|그저께|그저깨|재작일', -2],
  ['어제|어저께|전일|전날|작일', -1],
  ['오늘|금일|당일', 0],
  [
    '내일(?!_?모레)|(?<!몇_?)명일|익일|다음_날(?!개|씨|짜|인|카|로)|낼(?!\\s?(?:돈|금액|거|것|수|게|래|까|세금|지|만))',
    1,
  ],
  ['모레|내일_모레|낼_모레', 2],
  ['글피', 3],
]
export const sides: [string, number][] = [
  ['지지난|저저번|전전', -2],
  ['지난번?|저번|전|직전|이전', -1],
  ['이번|금|당|이|요번|현재', 0],
  ['다다음', 2],
  ['다음|차|내|익|담|다가오는|돌아오는|오는', 1],
]
export const units: [string, Unit][] = [
  ['주일|주', 'week'],
  ['달|월|개월', 'month'],
  ['분기', 'quarter'],
  ['반기', 'half'],
  ['회계_?연도|회계_?년도|해|연도|년도|년', 'year'],
  ['일|날', 'day'],
]
/** Those that may stand before any unit, and after any word. */
export const sideWord =
  '지지난|저저번|지난번?|저번|이번|요번|다다음|다음|다가오는|돌아오는|(?<![가-힣])(?:오는|전전|이전|직전|담|금|당|이|전|차|내|익)'

export const weekdays = '월화수목금토일'

/** A year before a month, quarter or half: 2026년, '26년, 26년, 작년. Three groups. */
export const yearWord = `(?:(\\d{4})_년?도?|'?(?<!\\d)(\\d{2})_년도?|(${anyOf(years)}))`

/** The year of the three groups of `yearWord`; undefined when none was said. */
export function readYear(today: Day, four?: string, two?: string, word?: string): number | undefined {
  if (four) return Number(four)
  if (two) return fullYear(Number(two))
  const offset = word === undefined ? undefined : pick(years, word)
  return offset === undefined ? undefined : yearOf(today) + offset
}

const sinoDigits = '일이삼사오육칠팔구'

/** 1 to 99 spelled in Sino-Korean: 십, 이십일. NaN when it is none. */
export function sinoOf(said: string): number {
  const match = /^(?:([일이삼사오육칠팔구])?(십))?([일이삼사오육칠팔구])?$/.exec(said)
  if (!match || said === '') return Number.NaN
  const ten = match[2] ? (match[1] ? sinoDigits.indexOf(match[1]) + 1 : 1) : 0
  return ten * 10 + (match[3] ? sinoDigits.indexOf(match[3]) + 1 : 0)
}

const spelledMonths: Record<string, number> = { 유: 6, 시: 10 }
const spelledDate = '삼십일|삼십|이?십[일이삼사오육칠팔구]|이?십|[일이삼사오육칠팔구]'

/** One group: a month's number before 월. Spelled 일월 and 이월 need a day after them, for 이월 is also what is carried over. */
export const monthNumber = '(?<![\\d.])(1[0-2]|0?[1-9])'
export const spelledMonth = '(?<![가-힣])(십일|십이|[유시삼사오칠팔구])'
export const anyMonthNumber = `(?:(?<![\\d.])(?:1[0-2]|0?[1-9])|(?<![가-힣])(?:십일|십이|[유시일이삼사오칠팔구]))`
/** A date of a month before 일, without a group. */
export const anyDateNumber = `(?:3[01]|[12]\\d|0?[1-9]|${spelledDate})`

/** The number that digits or a spelled numeral stand for. */
export const numberOf = (said: string): number =>
  /^\d/.test(said) ? Number(said) : (spelledMonths[said] ?? sinoOf(said))
