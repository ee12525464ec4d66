import {
  dayOfYear,
  fullYear,
  isYear,
  oneDay,
  type PeriodMade,
  type PeriodRule,
  periodRule as rule,
  unitFromNow,
  unitOfYear,
} from '../atomic-periods.ts'
import { type ClosedRange, type Day, makeDay, monthOf, unitAround, yearOf } from '../calendar.ts'
import { figureRules, notDate } from './figures.ts'
import {
  anyDateNumber,
  anyMonthNumber,
  anyOf,
  monthNumber,
  numberOf,
  pick,
  readYear,
  sides,
  sideWord,
  sinoOf,
  spelledMonth,
  weekdays,
  yearSyllable,
  years,
  yearWord,
} from './korean-words.ts'
import { partOf, partWord } from './parts.ts'
import { onWeekday, weekdayAfter } from './weekday-after.ts'

type Read = PeriodMade | 'unclear' | undefined

/** The date of this month, or of the latest that has come, or the first to come. */
function dateOfMonth(today: Day, date: number): PeriodMade | 'unclear' {
  const make = (offset: number): ClosedRange => {
    const day = unitAround(today, 'month', offset).from + date - 1
    return { from: day, to: day }
  }
  if (!(date >= 1 && date <= 31)) return 'unclear'
  const now = make(0).from
  return { unit: 'day', back: make(now > today ? -1 : 0), ahead: make(now < today ? 1 : 0), open: 'month' }
}

function dateOfSide(today: Day, side: string, date: number): PeriodMade | 'unclear' {
  const { from, to } = unitAround(today, 'month', pick(sides, side) ?? 0)
  return date >= 1 && from + date - 1 <= to ? oneDay(from + date - 1) : 'unclear'
}

/** 지난 9월 is the latest gone by, 오는 6월 the first to come, 이번 9월 this year's. */
function monthOnSide(today: Day, side: string, month: number): Read {
  const offset = pick(sides, side)
  const now = monthOf(today)
  if (offset === undefined || Math.abs(offset) > 1) return 'unclear'
  const year = yearOf(today) + (offset === -1 && month >= now ? -1 : offset === 1 && month <= now ? 1 : 0)
  return unitOfYear(today, 'month', month, year)
}

const saidYear = (today: Day, m: RegExpExecArray): number | undefined => readYear(today, m[1], m[2], m[3])

/** A part of a year without its own word is read by its year; a year that cannot be is unclear. */
const ofYear = (year: number | undefined, made: Read): Read => (year !== undefined && !isYear(year) ? 'unclear' : made)

function wholeYear(m: RegExpExecArray, today: Day): Read {
  const year = saidYear(today, m)
  if (year === undefined) return undefined
  if (!isYear(year)) return 'unclear'
  const name = m[3] ? unitFromNow(today, 'year', year - yearOf(today)).relative : undefined
  return {
    unit: 'year',
    back: unitAround(makeDay(year, 1, 1), 'year'),
    yearSaid: year,
    ...(name ? { relative: name } : {}),
  }
}

const quarterOf = (digit: string | undefined, spelled: string | undefined): number =>
  spelled === undefined ? Number(digit) : sinoOf(spelled)

function decade(first: number): PeriodMade {
  return { unit: 'year', back: { from: makeDay(first, 1, 1), to: makeDay(first + 10, 1, 1) - 1 }, yearSaid: first }
}

/** Seasons as the weather service counts them; a winter begins in its year's December. */
function season(word: string, year: number): PeriodMade {
  const first = { 봄: 3, 여름: 6, 가을: 9, 겨울: 12 }[word] ?? 3
  return {
    unit: 'quarter',
    back: { from: makeDay(year, first, 1), to: makeDay(year, first + 3, 1) - 1 },
    yearSaid: year,
  }
}

const dayRules: PeriodRule[] = [
  rule(
    `(?:([${weekdays}])요일_,?_)?(?:${yearWord}_의?_)?(${anyMonthNumber})_월_[-의]?_(${anyDateNumber})_일${weekdayAfter}`,
    (m, today) =>
      onWeekday(
        dayOfYear(today, numberOf(m[5] ?? ''), numberOf(m[6] ?? ''), readYear(today, m[2], m[3], m[4])),
        m[1] ?? m[7],
      ),
  ),
  rule(
    `(?:[${weekdays}]요일_,?_)?(${anyMonthNumber})_월_(${anyDateNumber})_일_,?_(?:((?:19|20)\\d\\d)(?:_년|(?=_?(?:에|부터|까지|$)))|이천(십[일이삼사오육칠팔구]?|이십[일이삼사오육칠팔구]?)_년)`,
    (m, today) =>
      dayOfYear(today, numberOf(m[1] ?? ''), numberOf(m[2] ?? ''), m[3] ? Number(m[3]) : 2000 + sinoOf(m[4] ?? '')),
  ),
  rule(`(${sideWord})_(?:달|월)_의?_(${anyDateNumber})_일(?!_?(?:간|동안))${weekdayAfter}`, (m, today) =>
    dateOfSide(today, m[1] ?? '', numberOf(m[2] ?? '')),
  ),
  rule(
    `(?<![\\d.,a-z-]|월\\s?|매달\\s?)(3[01]|[12]\\d|0?[1-9])_일(?!_?(?:이상|초과|이하|미만|이?내|넘|간|동안|치|전|후|남|지난|지나|밀|연체|보다|안|짜리|씩|별|밖|이?나|,?_?\\d|을|경과|당|정도))${weekdayAfter}`,
    (m, today) => onWeekday(dateOfMonth(today, Number(m[1])), m[2]),
  ),
  rule(`(?<![가-힣\\d])(이?십[일이삼사오육칠팔구]?|삼십일?)일_([${weekdays}])요일`, (m, today) =>
    onWeekday(dateOfMonth(today, sinoOf(m[1] ?? '')), m[2]),
  ),
  rule(`(?<![가-힣])(초순|상순|중순|하순)(?![가-힣]{2})`, (m, today) => {
    const cut = (offset: number): ClosedRange | undefined => {
      const made = partOf({ unit: 'month', back: unitAround(today, 'month', offset) }, m[1])
      return made === 'unclear' ? undefined : made?.back
    }
    const [before, now, next] = [cut(-1), cut(0), cut(1)]
    if (!before || !now || !next) return undefined
    return { unit: 'day', back: now.from > today ? before : now, ahead: now.to < today ? next : now }
  }),
  rule(`(?<![가-힣])분기_?말`, (_, today) => oneDay(unitAround(today, 'quarter').to)),
  rule(`(?<![가-힣])(?:월말|말일)`, (_, today) => oneDay(unitAround(today, 'month').to)),
  rule(`(?<![가-힣])연말`, (_, today) => oneDay(unitAround(today, 'year').to)),
  rule(`(${anyOf(years)})_(?:12_?월)?_?(연?말)(?:일)?`, (m, today) => {
    const year = readYear(today, undefined, undefined, m[1])
    return year === undefined ? undefined : oneDay(makeDay(year, 12, 31))
  }),
]

const monthRules: PeriodRule[] = [
  rule(
    `(?:${yearWord}_의?_)?(?:${monthNumber}_월달?|${spelledMonth}월(?=$|[^가-힣]|에|의|은|는|도|과|와|이랑|부터|까지|달|말|초|중순|하순|상순))(?![가-힣]?요일)(?:_(${partWord}))?`,
    (m, today) => {
      const year = saidYear(today, m)
      return ofYear(year, partOf(unitOfYear(today, 'month', numberOf(m[4] ?? m[5] ?? ''), year), m[6]))
    },
  ),
  rule(`(${sideWord})_(${anyMonthNumber})_월(?!_?${anyDateNumber}_일)`, (m, today) =>
    monthOnSide(today, m[1] ?? '', numberOf(m[2] ?? '')),
  ),
  rule(`(${anyOf(years)})_(?:이번|이)_달`, (m, today) =>
    unitOfYear(today, 'month', monthOf(today), readYear(today, undefined, undefined, m[1])),
  ),
]

const longerRules: PeriodRule[] = [
  rule(
    `(?:${yearWord}_의?_)?(?:([1-4])_?(?:/4_)?(?:사_?)?분기|([1-4])q|q([1-4])|(?<![가-힣])([일삼사]|[일이삼사](?=사_?분기))(?:사_?)?분기)(?![a-z\\d])(?:_(${partWord}))?`,
    (m, today) => {
      const year = saidYear(today, m)
      const made = unitOfYear(today, 'quarter', quarterOf(m[4] ?? m[5] ?? m[6], m[7]), year)
      return ofYear(year, partOf(made, m[8]))
    },
  ),
  rule(`(?:${yearWord}_의?_)?(상|하)_?반기`, (m, today) =>
    ofYear(saidYear(today, m), unitOfYear(today, 'half', m[4] === '상' ? 1 : 2, saidYear(today, m))),
  ),
  rule(`(${anyOf(years)})_(전반|후반)`, (m, today) =>
    unitOfYear(today, 'half', m[2] === '전반' ? 1 : 2, readYear(today, undefined, undefined, m[1])),
  ),
  rule(`(?:${yearWord}_|(지난|이번|다음|올해_)_)(봄|여름|가을|겨울)(?=_?철|에|의|부터|까지|$|[^가-힣])`, (m, today) => {
    const offset = m[4] === undefined ? 0 : (pick(sides, m[4]) ?? 0)
    return season(m[5] ?? '', saidYear(today, m) ?? yearOf(today) + offset)
  }),
  rule(`(?<!\\d)((?:1[89]|20)\\d)0_년대|(?<!\\d)([0-9])0_년대`, (m) =>
    decade(m[1] === undefined ? fullYear(Number(m[2]) * 10) : Number(m[1]) * 10),
  ),
  rule(
    `(?<![가-힣\\d])(?:(\\d{4})_(?:년도?|회계_?[연년]도)|'?(\\d{2})_년도?(?!_?(?:간|동안|치|전|차|이상|이하|초과|미만|넘|후|뒤|이?내|안|째|된|짜리|근속|근무|경력|만기|보증|할부|상환))|(${anyOf(years.slice(0, 2))}|올_${yearSyllable}|금년도?|내년|다음_${yearSyllable}|내후년|올(?=\\s|_?한_?해|_?들어))(?!_동[기월]|_이맘때|_같은|_이_?때))(?:_한_해)?(?!_?(?:초(?![가-힣과])|초에|초반))`,
    wholeYear,
  ),
  rule(`(?<![\\d.,])((?:19|20)\\d\\d)_?[-~]_?((?:19|20)\\d\\d)(?![\\d.,/-])(?:_년도?)?(?!_${notDate})`, (m) => {
    const [from, to] = [Number(m[1]), Number(m[2])]
    return from < to
      ? { unit: 'year', back: { from: makeDay(from, 1, 1), to: makeDay(to + 1, 1, 1) - 1 }, yearSaid: to }
      : undefined
  }),
  // 내년 초 is no stretch that two people would agree on.
  rule(`(?:${yearWord}|올해)_초(?:에|반)?(?![가-힣])`, () => 'unclear'),
]

/** Calendar dates, months, quarters, halves, seasons and years, in words and in figures. */
export const calendarRules: PeriodRule[] = [...figureRules, ...dayRules, ...monthRules, ...longerRules]
