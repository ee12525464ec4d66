import type { PeriodMade } from '../atomic-periods.ts'
import type { ClosedRange, Unit } from '../calendar.ts'
import { anyOf, pick } from './korean-words.ts'

type Cut = (range: ClosedRange) => ClosedRange

const last: Cut = ({ to }) => ({ from: to, to })
const first: Cut = ({ from }) => ({ from, to: from })
const days =
  (from: number, to: number): Cut =>
  (range) => ({ from: range.from + from, to: range.from + to })

/** Thirds of a month, a month's halves, and its ends. */
const ofMonth: [string, Cut][] = [
  ['초순|초반|초|상순', days(0, 9)],
  ['중순|중반', days(10, 19)],
  ['하순|말(?!고|야|이야|인데)', (range) => ({ from: range.from + 20, to: range.to })],
  ['전반', days(0, 14)],
  ['후반', (range) => ({ from: range.from + 15, to: range.to })],
  ['말일|마지막_날', last],
  ['첫_날', first],
]
const ofWeek: [string, Cut][] = [
  ['초반|초', days(0, 2)],
  ['후반', days(3, 6)],
  ['말(?!고|야|이야|인데)', days(5, 6)],
]
const ofLonger: [string, Cut][] = [
  ['말일|마지막_날|말(?!고|야|이야|인데)', last],
  ['첫_날', first],
]

/** A pattern for every word of a part: 초, 하순, 후반, 말일. */
export const partWord = `${anyOf([...ofMonth].reverse())}(?!일)`

const tableOf = (unit: Unit) => (unit === 'month' ? ofMonth : unit === 'week' ? ofWeek : ofLonger)

/** The part of a month, week or longer unit that a word says; vague ones of a year (내년 초) are unclear. */
export function partOf(made: PeriodMade | undefined, word: string | undefined): PeriodMade | 'unclear' | undefined {
  if (!made || word === undefined) return made
  const cut = pick(tableOf(made.unit), word)
  if (!cut) return 'unclear'
  const { relative: _, ...rest } = made
  return { ...rest, unit: 'day', back: cut(made.back), ahead: cut(made.ahead ?? made.back) }
}
