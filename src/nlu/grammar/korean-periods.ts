import {
  type AtomicPeriod,
  capitalize,
  dayOfYear,
  type PeriodMade,
  type PeriodRule,
  periodRule as rule,
  runPeriodRules,
  unitFromNow,
  unitOfYear,
} from './atomic-periods.ts'
import {
  type ClosedRange,
  type Day,
  lastUnits,
  makeDay,
  monthOf,
  nextUnits,
  type Unit,
  unitAround,
  weekdayOf,
  yearOf,
} from './calendar.ts'

type Table<T> = readonly (readonly [string, T])[]

const whole = new Map<string, RegExp>()
const matches = (pattern: string, word: string): boolean => {
  const compiled = whole.get(pattern) ?? new RegExp(`^(?:${pattern})$`)
  whole.set(pattern, compiled)
  return compiled.test(word)
}
const pick = <T>(table: Table<T>, word: string): T | undefined => table.find(([pattern]) => matches(pattern, word))?.[1]
const anyOf = <T>(table: Table<T>): string => table.map(([pattern]) => pattern).join('|')
const squeeze = (text: string): string => text.replace(/\s+/g, '')

const years: [string, number][] = [
  ['지지난해|재작년|그러께', -2],
  ['작년|지난해|전년도?', -1],
  ['올해|금년도?|올', 0],
  ['내년|다음해|명년', 1],
]
const days: [string, number][] = [
  ['엊그제|그제|그저께|그저깨|재작일', -2],
  ['어제|어저께|전일|전날|작일', -1],
  ['오늘|금일|당일', 0],
  ['내일|명일|익일|낼(?!_?(?:돈|금액|거|것|수|게|래|까|세금|지|만))', 1],
  ['모레|내일모레|낼모레', 2],
]
const sides: [string, number][] = [
  ['지지난|저저번|전전', -2],
  ['지난번?|저번|전|직전|이전', -1],
  ['이번|금|당|이|요번|현재', 0],
  ['다다음', 2],
  ['다음|차|내|익|담', 1],
]
const units: [string, Unit][] = [
  ['주일|주', 'week'],
  ['달|월|개월', 'month'],
  ['분기', 'quarter'],
  ['반기', 'half'],
  ['해|연도|년도|년', 'year'],
  ['일|날', 'day'],
]
const weekdays = '월화수목금토일'

const yearWord = `(?:(\\d{4})_년?도?|'?(\\d{2})_년도?|(${anyOf(years)}))`

function readYear(today: Day, four?: string, two?: string, word?: string): number | undefined {
  if (four) return Number(four)
  if (two) return 2000 + Number(two)
  const offset = word === undefined ? undefined : pick(years, squeeze(word))
  return offset === undefined ? undefined : yearOf(today) + offset
}

const thirds: [string, (range: ClosedRange) => ClosedRange][] = [
  ['초순|초|상순', (r) => ({ from: r.from, to: r.from + 9 })],
  ['중순', (r) => ({ from: r.from + 10, to: r.from + 19 })],
  ['하순|말', (r) => ({ from: r.from + 20, to: r.to })],
]
function thirdOf(found: PeriodMade | undefined, word: string | undefined): PeriodMade | undefined {
  const cut = word === undefined ? undefined : pick(thirds, word)
  if (!found || !cut) return found
  return {
    unit: 'day',
    back: cut(found.back),
    ahead: cut(found.ahead ?? found.back),
    ...(found.yearSaid ? { yearSaid: found.yearSaid } : {}),
  }
}

function weekday(today: Day, letter: string, weekOffset?: number): PeriodMade | undefined {
  const index = weekdays.indexOf(letter)
  if (index < 0) return undefined
  const on = (week: number): ClosedRange => {
    const day = unitAround(today, 'week', week).from + index
    return { from: day, to: day }
  }
  if (weekOffset !== undefined) return { unit: 'day', back: on(weekOffset) }
  return { unit: 'day', back: on(index <= weekdayOf(today) ? 0 : -1), ahead: on(index >= weekdayOf(today) ? 0 : 1) }
}

const counts: Record<string, number> = {
  한: 1,
  두: 2,
  세: 3,
  석: 3,
  네: 4,
  다섯: 5,
  여섯: 6,
  일: 1,
  이: 2,
  삼: 3,
  사: 4,
  육: 6,
}
const countOf = (word: string): number => counts[word] ?? Number(word)
const countWord = `(\\d{1,3}|${Object.keys(counts).join('|')})`

function recent(today: Day, count: number, unitText: string): PeriodMade | undefined {
  const unit = pick(units, squeeze(unitText))
  if (!unit || count < 1) return undefined
  return { unit: 'day', back: lastUnits(today, unit, count), relative: `last${count}${capitalize(unit)}s` }
}
function coming(today: Day, count: number, unitText: string): PeriodMade | undefined {
  const unit = pick(units, squeeze(unitText))
  if (!unit || count < 1) return undefined
  return { unit: 'day', back: nextUnits(today, unit, count), relative: `next${count}${capitalize(unit)}s` }
}

const koreanUnit = '(개월|주일|주|달|분기|년|일)'
const numberUnit = `${countWord}_${koreanUnit}`

const rules: PeriodRule[] = [
  rule(`(?:최근|지난|과거|직전|요)_(?:일주일|1주일|한_?주)(?:_?간|_?동안|치)?`, (_, today) => recent(today, 7, '일')),
  rule(`(?:최근|지난|과거)_반_?년(?:간|치)?`, (_, today) => recent(today, 6, '달')),
  rule(`(?:최근|지난|과거)_보름(?:간|치)?`, (_, today) => recent(today, 15, '일')),
  rule(`(?:최근|지난|과거|직전)_${numberUnit}(?:_?간|_?동안|_?치)?`, (m, today) =>
    recent(today, countOf(m[1] ?? ''), m[2] ?? ''),
  ),
  rule(`(?<![\\d가-힣])${numberUnit}_(?:간의?|동안|치)(?![가-힣]{2})`, (m, today) =>
    recent(today, countOf(m[1] ?? ''), m[2] ?? ''),
  ),
  rule(`(?:앞으로|향후|다음|지금부터|오늘부터)_${numberUnit}(?:_?간|_?동안|_?이?내에?|_?안에)?`, (m, today) =>
    coming(today, countOf(m[1] ?? ''), m[2] ?? ''),
  ),
  rule(`(?:앞으로_)?(?:일주일|한_?주)_?(?:이?내에?|안에)`, (_, today) => coming(today, 7, '일')),
  rule(`${numberUnit}_?(?:이내에?|안에|내로)`, (m, today) => coming(today, countOf(m[1] ?? ''), m[2] ?? '')),
  rule(`(?<![\\d가-힣])${countWord}_(개월|주일|주|달|분기|년|일)_전(?![가-힣]{2})`, (m, today) => {
    const unit = pick(units, m[2] ?? '')
    return unit && unitFromNow(today, unit, -countOf(m[1] ?? ''))
  }),
  rule(`(?:${yearWord}_)?(?<!\\d)(1[0-2]|0?[1-9])_월_(3[01]|[12]\\d|0?[1-9])_일`, (m, today) =>
    dayOfYear(today, Number(m[4]), Number(m[5]), readYear(today, m[1], m[2], m[3])),
  ),
  rule(
    `(?:${yearWord}_)?(?<![\\d.])(1[0-2]|0?[1-9])_월달?(?![가-힣]요일)(?:_(초순|초|상순|중순|하순|말)(?!일))?`,
    (m, today) => thirdOf(unitOfYear(today, 'month', Number(m[4]), readYear(today, m[1], m[2], m[3])), m[5]),
  ),
  rule(`(?:${yearWord}_)?(?:([1-4])_?(?:/4_)?(?:사_?)?분기|([1-4])q|q([1-4]))(?![a-z\\d])`, (m, today) =>
    unitOfYear(today, 'quarter', Number(m[4] ?? m[5] ?? m[6]), readYear(today, m[1], m[2], m[3])),
  ),
  rule(`(?:${yearWord}_)?(상|하)_?반기`, (m, today) =>
    unitOfYear(today, 'half', m[4] === '상' ? 1 : 2, readYear(today, m[1], m[2], m[3])),
  ),
  rule(`(${anyOf(years)})_(?:이번|이)_달`, (m, today) =>
    unitOfYear(today, 'month', monthOf(today), readYear(today, undefined, undefined, m[1])),
  ),
  rule(`(\\d{4})[-./]_?(1[0-2]|0?[1-9])[-./]_?(3[01]|[12]\\d|0?[1-9])(?!\\d)\\.?`, (m, today) =>
    dayOfYear(today, Number(m[2]), Number(m[3]), Number(m[1])),
  ),
  rule(`(?<![\\d.-])(20\\d\\d)[-./](1[0-2]|0?[1-9])(?![\\d./-])`, (m, today) =>
    unitOfYear(today, 'month', Number(m[2]), Number(m[1])),
  ),
  rule(`(?<![\\d./-])(1[0-2]|0?[1-9])/(3[01]|[12]\\d|0?[1-9])(?![\\d./-])`, (m, today) =>
    dayOfYear(today, Number(m[1]), Number(m[2])),
  ),
  rule(`(?:(지지난|저저번|지난|저번|이번|금|다음|차|담)_주_)?([${weekdays}])(?:요일|욜)`, (m, today) =>
    weekday(today, m[2] ?? '', m[1] === undefined ? undefined : pick(sides, m[1])),
  ),
  rule(
    `(지지난|저저번|지난번?|저번|이번|요번|다다음|다음|(?<![가-힣])(?:전전|이전|직전|담|금|당|이|전|차|내|익))_(주|달|월|분기|반기|해|년도|연도)(?:_(초순|초|중순|하순|말)(?!일))?(?!요일|욜|문|간_?동안|년_?동)`,
    (m, today) => {
      const offset = pick(sides, m[1] ?? '')
      const unit = pick(units, m[2] ?? '')
      return offset === undefined || !unit ? undefined : thirdOf(unitFromNow(today, unit, offset), m[3])
    },
  ),
  rule(`(?<![가-힣])(${anyOf(days)})(?!모레|자_?기준|_기준)`, (m, today) => {
    const offset = pick(days, m[1] ?? '')
    return offset === undefined ? undefined : unitFromNow(today, 'day', offset)
  }),
  rule(`(${anyOf(years)})_(?:12_?월)?_?(연?말)(?:일)?`, (m, today) => {
    const year = readYear(today, undefined, undefined, m[1])
    return year === undefined
      ? undefined
      : { unit: 'day', back: { from: makeDay(year, 12, 31), to: makeDay(year, 12, 31) } }
  }),
  rule(
    `(?<![가-힣\\d])(?:(\\d{4})_년도?|'?(\\d{2})_년도?(?!_?(?:간|동안|치|전|차|이상|이하|초과|미만|넘))|(${anyOf(years.slice(0, 2))}|올해|금년도?|내년|다음해|올(?=\\s|_?한_?해|_?들어))(?!_동[기월]))(?:_한_해)?`,
    (m, today) => {
      const year = readYear(today, m[1], m[2], m[3])
      if (year === undefined) return undefined
      const offset = year - yearOf(today)
      return {
        unit: 'year',
        back: unitAround(makeDay(year, 1, 1), 'year'),
        yearSaid: year,
        ...(m[3] ? { relative: unitFromNow(today, 'year', offset).relative ?? '' } : {}),
      }
    },
  ),
  rule(
    `(?<![\\d.,a-z-]|월\\s?)(3[01]|[12]\\d|[1-9])_일(?!_?(?:이상|초과|이하|미만|이?내|넘|간|동안|치|전|후|남|지난|지나|밀|연체|보다|안|짜리|씩|별|밖|이?나|,?_?\\d|을|경과|당|정도))`,
    (m, today) => {
      const date = Number(m[1])
      const make = (offset: number): ClosedRange => {
        const day = unitAround(today, 'month', offset).from + date - 1
        return { from: day, to: day }
      }
      const now = make(0).from
      return { unit: 'day', back: make(now > today ? -1 : 0), ahead: make(now < today ? 1 : 0) }
    },
  ),
  rule(`(?<![가-힣])(?:월말|말일)`, (_, today) => ({
    unit: 'day',
    back: { from: unitAround(today, 'month').to, to: unitAround(today, 'month').to },
  })),
  rule(`(?<![가-힣])연말`, (_, today) => ({
    unit: 'day',
    back: { from: unitAround(today, 'year').to, to: unitAround(today, 'year').to },
  })),
]

/** Korean times and calendar dates, each on its own: 지난달, 3분기, 11월 5일, 최근 3개월. */
export const readKoreanPeriods = (text: string, today: Day): AtomicPeriod[] => runPeriodRules(rules, text, today)
