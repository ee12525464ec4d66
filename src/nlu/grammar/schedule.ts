import { createFinder } from '../text/finder.ts'
import { nativeNumbers } from './number-words.ts'

/** When something is to be sent again and again. `cron` has five fields, Asia/Seoul. `isTimed`: a time of day was said. */
export type ScheduleReading = { start: number; end: number; cron: string; isTimed: boolean }

type Time = { start: number; end: number; hour: number; minute: number }
type Days = { start: number; end: number; date: string; month: string; weekday: string }

const defaultHour = 9
const koreanDays = '일월화수목금토'
const weekdayWord = '(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?\\b'
const englishDays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const opt = (source: string): RegExp => new RegExp(source.replaceAll('_', '\\s*'), 'g')

const koreanTime = opt(
  '(?:(오전|아침|새벽|오후|저녁|밤|낮|점심)_?)?(?<!\\d)(\\d{1,2}|열두|열한|열|한|두|세|네|다섯|여섯|일곱|여덟|아홉)_?시(?:_?(반|\\d{1,2}_?분))?_?(?:에|마다|쯤|정각에?|경)*',
)
const clockTime = opt('(?:(오전|아침|새벽|오후|저녁|밤|낮)_?)?(?<!\\d)(\\d{1,2}):(\\d{2})_?(am|pm)?_?(?:에)?')
const englishTime =
  /(?:\bat\s+)?\b(\d{1,2})(?::(\d{2}))?\s*(a\.?m\.?|p\.?m\.?|o'clock)(?![a-z])|\bat\s+(\d{1,2})(?::(\d{2}))?\b(?!\s*(?:%|percent|units))|\bat\s+(noon|midnight)\b/g
const vagueTime: [RegExp, number][] = [
  [opt('(?:아침|오전)_?(?:마다|에)'), 9],
  [opt('저녁_?(?:마다|에)|퇴근_?(?:전|무렵)에?'), 18],
  [opt('점심_?(?:마다|에)|정오(?:에)?'), 12],
  [/\b(?:in the |every )?morning\b/g, 9],
  [/\b(?:in the |every )?evening\b/g, 18],
]

const afternoon = new Set(['오후', '저녁', '밤', 'p'])
const morning = new Set(['오전', '아침', '새벽', 'a'])

function hourOf(hour: number, part = ''): number {
  if (afternoon.has(part)) return hour < 12 ? hour + 12 : hour
  if ((part === '낮' || part === '점심') && hour < 7) return hour + 12
  if (morning.has(part)) return hour === 12 ? 0 : hour
  // 5시, at 5, of an office is in the afternoon; who writes 05:00 means it.
  return part === '' && hour >= 1 && hour <= 6 ? hour + 12 : hour
}

/** 05:00 is of a clock of 24 hours. */
const dayPart = (digits = ''): string => (digits.startsWith('0') ? '오전' : '')

function timeAt(match: RegExpMatchArray, hour: number, minute: number): Time | undefined {
  const start = match.index ?? 0
  return hour > 24 || minute > 59
    ? undefined
    : { start, end: start + match[0].trimEnd().length, hour: hour % 24, minute }
}

const timeRules: [RegExp, (match: RegExpMatchArray) => Time | undefined][] = [
  [clockTime, (m) => timeAt(m, hourOf(Number(m[2]), m[1] ?? m[4]?.charAt(0) ?? dayPart(m[2])), Number(m[3]))],
  [
    koreanTime,
    (m) =>
      timeAt(
        m,
        hourOf(nativeNumbers[m[2] ?? ''] ?? Number(m[2]), m[1]),
        m[3] === '반' ? 30 : Number.parseInt(m[3] ?? '0', 10),
      ),
  ],
  [
    englishTime,
    (m) =>
      m[6]
        ? timeAt(m, m[6] === 'noon' ? 12 : 0, 0)
        : timeAt(m, hourOf(Number(m[1] ?? m[4]), m[3]?.charAt(0)), Number(m[2] ?? m[5] ?? 0)),
  ],
  ...vagueTime.map(([pattern, hour]): [RegExp, (match: RegExpMatchArray) => Time | undefined] => [
    pattern,
    (m) => timeAt(m, hour, 0),
  ]),
]

const timeFinders = timeRules.map(([pattern, read]) => ({ finder: createFinder(pattern), read }))

/** The first time of day that any rule finds in a lower-case text, exact ones before vague ones. */
export function readTime(text: string): Time | undefined {
  for (const { finder, read } of timeFinders) {
    const [match] = finder.all(text)
    const time = match && read(match)
    if (time) return time
  }
  return undefined
}

const every = { date: '*', month: '*', weekday: '*' }
const dayRules: [RegExp, (match: RegExpMatchArray) => Omit<Days, 'start' | 'end'> | undefined][] = [
  [
    opt('매주_([월화수목금토일])_?요일?(?:_?(?:,|·|와|과|하고|이랑|랑)?_?([월화수목금토일])_?요일?)?(?:_?마다|_?에)?'),
    (m) => weekly(`${m[1]}${m[2] ?? ''}`),
  ],
  [
    opt(
      '(?:매주_([월화수목금토일]{2,6})|(?<![가-힣])([월화수목금토일]{2,6})_?마다|(?<![가-힣])([월화수목금토일]{3,6}))(?:요일)?_?(?:마다|에)?(?=\\s|$|\\d)(?!_?요일)',
    ),
    (m) => {
      const letters = m[1] ?? m[2] ?? m[3] ?? ''
      return isDayList(letters) ? weekly(letters) : undefined
    },
  ],
  [
    opt('(?:매주_?)?([월화수목금토일])요일_?(?:과|와|,|하고|랑|이랑)?_?([월화수목금토일])요일_?마다'),
    (m) => weekly(`${m[1]}${m[2]}`),
  ],
  [opt('([월화수목금토일])요일_?(?:마다|날마다)'), (m) => weekly(m[1] ?? '')],
  [
    opt('매(?:월|달)_(\\d{1,2})_일(?:_?마다|날|_?에)?|다달이_(\\d{1,2})_일'),
    (m) => ({ ...every, date: m[1] ?? m[2] ?? '1' }),
  ],
  [opt('매(?:월|달)_(?:말일|말|마지막_날)(?:_?마다|_?에)?'), () => ({ ...every, date: 'L' })],
  [opt('매(?:월|달)_?(?:초|첫날|첫째날)?(?:_?마다|_?에)?'), () => ({ ...every, date: '1' })],
  [opt('매_?분기(?:_?마다|_?초)?|분기마다'), () => ({ ...every, date: '1', month: '1,4,7,10' })],
  [
    opt('평일(?:_?마다|_?에|_?매일)?|주중(?:_?매일|_?에|_?마다)?|영업일_?마다|근무일_?마다'),
    () => ({ ...every, weekday: '1-5' }),
  ],
  [opt('주말(?:_?마다|_?에)'), () => ({ ...every, weekday: '0,6' })],
  [opt('매일(?:_?마다|_?매일)?|날마다|하루_?(?:에_)?한_?번(?:씩)?'), () => every],
  [opt('매주(?:_?마다)?|일주일에_한_?번(?:씩)?'), () => ({ ...every, weekday: '1' })],
  [
    /\b(?:every|each)\s+(?:week\s*day|weekday|business day|working day)s?\b|\bon weekdays\b/g,
    () => ({ ...every, weekday: '1-5' }),
  ],
  [
    new RegExp(
      `\\b(?:(?:every|each|on)\\s+|weekly\\s+on\\s+)(${weekdayWord})(?:\\s*(?:,|and)\\s*(${weekdayWord}))*(?:\\s+mornings?)?`,
      'g',
    ),
    (m) =>
      /every|each|weekly|days\b/.test(m[0])
        ? {
            ...every,
            weekday: [...m[0].matchAll(/\b(sun|mon|tue|wed|thu|fri|sat)[a-z]*/g)]
              .map((d) => englishDays.indexOf(d[1] ?? ''))
              .join(','),
          }
        : undefined,
  ],
  [
    /\b(?:on\s+)?the\s+(\d{1,2})(?:st|nd|rd|th)\s+of\s+(?:every|each)\s+month\b|\b(?:every|each)\s+month\s+on\s+the\s+(\d{1,2})(?:st|nd|rd|th)\b|\bmonthly\s+on\s+the\s+(\d{1,2})(?:st|nd|rd|th)\b/g,
    (m) => ({ ...every, date: m[1] ?? m[2] ?? m[3] ?? '1' }),
  ],
  [
    /\b(?:every|each)\s+month\b|\bfirst\s+(?:day\s+)?of\s+(?:every|each|the)\s+month\b/g,
    () => ({ ...every, date: '1' }),
  ],
  [/\b(?:every|each)\s+(?:day|morning|evening)\b|\bdaily\b/g, () => every],
  [/\b(?:every|each)\s+week\b|\bweekly\b/g, () => ({ ...every, weekday: '1' })],
  [/\b(?:every|each)\s+quarter\b/g, () => ({ ...every, date: '1', month: '1,4,7,10' })],
]

function weekly(letters: string): Omit<Days, 'start' | 'end'> {
  return { ...every, weekday: [...new Set([...letters].map((day) => koreanDays.indexOf(day)))].sort().join(',') }
}

/** 월수금 is Monday, Wednesday and Friday when the days come in order and none twice. */
function isDayList(letters: string): boolean {
  const order = [...letters].map((day) => '월화수목금토일'.indexOf(day))
  return order.every((day, i) => i === 0 || day > (order[i - 1] ?? 0)) && letters !== '일월'
}

const dayFinders = dayRules.map(([pattern, read]) => ({ finder: createFinder(pattern), read }))

/** The repeated time of a lower-case text, if it says one. Without a time of day it is 9:00. */
export function readSchedule(text: string): ScheduleReading | undefined {
  for (const { finder, read } of dayFinders) {
    for (const match of finder.all(text)) {
      const days = read(match)
      if (!days) continue
      const start = match.index
      const end = start + match[0].trimEnd().length
      const time = readTime(`${text.slice(0, start)}${' '.repeat(end - start)}${text.slice(end)}`) ?? readTime(match[0])
      const near = time && Math.min(Math.abs(time.start - end), Math.abs(start - time.end)) <= 6 ? time : undefined
      return {
        start: Math.min(start, near?.start ?? start),
        end: Math.max(end, near?.end ?? end),
        cron: `${time?.minute ?? 0} ${time?.hour ?? defaultHour} ${days.date} ${days.month} ${days.weekday}`,
        isTimed: time !== undefined,
      }
    }
  }
  return undefined
}
