import {
  dayOfYear,
  oneDay,
  type PeriodMade,
  type PeriodRule,
  periodRule as rule,
  unitOfYear,
} from '../atomic-periods.ts'
import {
  type ClosedRange,
  type Day,
  makeDay,
  nthWeekday,
  type Unit,
  unitAround,
  weekdayOf,
  weekOf,
  yearOf,
} from '../calendar.ts'
import { durationWord, readDuration } from './durations.ts'
import {
  anyDateNumber,
  anyMonthNumber,
  numberOf,
  pick,
  readYear,
  sides,
  sideWord,
  units,
  weekdays,
  yearWord,
} from './korean-words.ts'

const ordinals: [string, number][] = [
  ['첫_번_?째|첫_?째|첫|1번_?째|1째', 1],
  ['두_번_?째|둘_?째|2번_?째|2째', 2],
  ['세_번_?째|셋_?째|3번_?째|3째', 3],
  ['네_번_?째|넷_?째|4번_?째|4째', 4],
  ['다섯_번_?째|다섯_?째|5번_?째|5째', 5],
  ['마지막', -1],
]
const ordinal = ordinals.map(([pattern]) => pattern).join('|')
const dayName = `([${weekdays}])(?:요일|욜)`

/** A weekday of this week or the last one, looking back; of this week or the next, looking ahead. */
function openWeekday(today: Day, index: number): PeriodMade {
  const on = (week: number): ClosedRange => {
    const day = unitAround(today, 'week', week).from + index
    return { from: day, to: day }
  }
  return {
    unit: 'day',
    back: on(index <= weekdayOf(today) ? 0 : -1),
    ahead: on(index >= weekdayOf(today) ? 0 : 1),
    open: 'week',
  }
}

/** 지난주 금요일 is of last week; 지난 금요일 the last one gone by, 오는 금요일 the first to come. */
function weekday(today: Day, letter: string, side: string | undefined, saysWeek: boolean): PeriodMade | undefined {
  const index = weekdays.indexOf(letter)
  const offset = side === undefined ? undefined : pick(sides, side)
  if (side === undefined || offset === undefined) return openWeekday(today, index)
  const at = (week: number): PeriodMade => oneDay(unitAround(today, 'week', week).from + index)
  if (saysWeek) return at(offset)
  if (offset === -1) return at(index < weekdayOf(today) ? 0 : -1)
  if (/오는/.test(side)) return at(index > weekdayOf(today) ? 0 : 1)
  return at(offset)
}

type Base = PeriodMade | undefined

/** The month or year that a week or weekday is counted in: 11월, 작년 11월, 다음 달, 올해; this month when none is said. */
function baseOf(today: Day, match: RegExpExecArray): Base {
  const [, four, two, word, month, side, sideUnit] = match
  const year = readYear(today, four, two, word)
  if (month !== undefined) return unitOfYear(today, 'month', numberOf(month), year)
  if (year !== undefined) return { unit: 'year', back: unitAround(makeDay(year, 1, 1), 'year') }
  const unit: Unit = sideUnit === undefined ? 'month' : (pick(units, sideUnit) ?? 'month')
  return { unit, back: unitAround(today, unit, side === undefined ? 0 : (pick(sides, side) ?? 0)) }
}

function within(base: Base, find: (range: ClosedRange) => ClosedRange | undefined, unit: Unit): PeriodMade | 'unclear' {
  const back = base && find(base.back)
  const ahead = base && find(base.ahead ?? base.back)
  if (!back || !ahead) return 'unclear'
  return { unit, back, ahead }
}

const base = `(?:(?:${yearWord}_의?_)?(?:(${anyMonthNumber})_월_의?_)?|(${sideWord})_(달|월|해|년도?|연도)_의?_)`

function readOrdinal(match: RegExpExecArray, today: Day): PeriodMade | 'unclear' | undefined {
  const nth = pick(ordinals, match[7] ?? '')
  const letter = match[8]
  const from = baseOf(today, match)
  if (nth === undefined) return undefined
  if (letter === undefined) return within(from, ({ from: a, to: b }) => weekOf(a, b, nth), 'week')
  if (from?.unit === 'year') return 'unclear'
  const find = (range: ClosedRange): ClosedRange | undefined => {
    const day = nthWeekday(range, weekdays.indexOf(letter), nth)
    return day === undefined ? undefined : { from: day, to: day }
  }
  return within(from, find, 'day')
}

function weekend(today: Day, side: string | undefined): PeriodMade {
  const at = (week: number): ClosedRange => {
    const { from, to } = unitAround(today, 'week', week)
    return { from: from + 5, to }
  }
  if (side !== undefined) return { unit: 'day', back: at(pick(sides, side) ?? 0) }
  return { unit: 'day', back: at(weekdayOf(today) >= 5 ? 0 : -1), ahead: at(0), open: 'week' }
}

/** 9월 16일이 있는 주: the whole unit around a day. */
function around(today: Day, month: string, date: string, unit: Unit): PeriodMade | 'unclear' {
  const day = dayOfYear(today, numberOf(month), numberOf(date))
  if (day === 'unclear') return day
  return { unit, back: unitAround(day.back.from, unit), ahead: unitAround((day.ahead ?? day.back).from, unit) }
}

/** Weeks and weekdays: 금요일, 지난주 금요일, 이번 주말, 11월 셋째 주, 둘째 주 월요일, 35주차. */
export const weekRules: PeriodRule[] = [
  rule(`(?:(${sideWord})_(주_의?)?_)?${dayName}`, (m, today) => weekday(today, m[3] ?? '', m[1], m[2] !== undefined)),
  rule(`(?<![\\d가-힣])(${durationWord})_(?:후|뒤)_${dayName}`, (m, today) => {
    const duration = readDuration(m[1] ?? '')
    const [one] = duration ?? []
    if (duration?.length !== 1 || one?.unit !== 'week') return undefined
    return oneDay(unitAround(today, 'week', one.count).from + weekdays.indexOf(m[2] ?? ''))
  }),
  rule(`${base}(${ordinal})_(?:주_)?${dayName}`, readOrdinal),
  rule(`${base}(${ordinal})_주(?![가-힣]?요일|문|말)`, readOrdinal),
  rule(`(?:(${sideWord})_|(?<![가-힣])(?<!그\\s?))주말(?!_?마다)`, (m, today) => weekend(today, m[1])),
  rule(
    `(${anyMonthNumber})_월_(${anyDateNumber})_일_?(?:의|이_?(?:있는|속한|낀|들어_?있는))_(주|달)(?![가-힣]{2})`,
    (m, today) => around(today, m[1] ?? '', m[2] ?? '', m[3] === '주' ? 'week' : 'month'),
  ),
  rule(`(?:${yearWord}_)?(?:(${anyMonthNumber})_월_)?(?<!\\d)([1-5]?\\d)_주_?차`, (m, today) => {
    const year = readYear(today, m[1], m[2], m[3])
    const nth = Number(m[5])
    // 3주차 alone is of the year to some and of the month to others.
    if (m[4] === undefined && year === undefined && nth <= 5) return 'unclear'
    const month = m[4] === undefined ? undefined : unitOfYear(today, 'month', numberOf(m[4]), year)
    const from = month ?? { unit: 'year' as const, back: unitAround(makeDay(year ?? yearOf(today), 1, 1), 'year') }
    return within(from, ({ from: a, to: b }) => weekOf(a, b, nth), 'week')
  }),
  rule(
    `(?<!\\d)([1-5]?\\d)_주(?=_?(?:부터|에서|와|과|~)_\\d{1,2}_주(?:차)?_?(?:까지|사이))|(?<=주_?(?:부터|에서|와|과|~)_)(\\d{1,2})_주(?=_?(?:까지|사이))`,
    (m, today) => {
      const year = unitAround(today, 'year')
      return within({ unit: 'year', back: year }, ({ from: a, to: b }) => weekOf(a, b, Number(m[1] ?? m[2])), 'week')
    },
  ),
]
