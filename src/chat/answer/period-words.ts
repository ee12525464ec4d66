import { Temporal } from 'temporal-polyfill'
import type { Language, Period } from '#catalog'
import { rangeText, toDate } from './dates.ts'

type Unit = 'day' | 'week' | 'month' | 'half' | 'quarter' | 'year'
type Named = { unit: Unit; offset: number }

const names: Record<Exclude<Unit, 'half'>, Record<string, [ko: string, en: string]>> = {
  day: {
    '-2': ['그제', 'two days ago'],
    '-1': ['어제', 'yesterday'],
    '0': ['오늘', 'today'],
    '1': ['내일', 'tomorrow'],
  },
  week: { '-1': ['지난주', 'last week'], '0': ['이번 주', 'this week'], '1': ['다음 주', 'next week'] },
  month: { '-1': ['지난달', 'last month'], '0': ['이번 달', 'this month'], '1': ['다음 달', 'next month'] },
  quarter: {
    '-1': ['지난 분기', 'last quarter'],
    '0': ['이번 분기', 'this quarter'],
    '1': ['다음 분기', 'next quarter'],
  },
  year: {
    '-2': ['재작년', 'the year before last'],
    '-1': ['작년', 'last year'],
    '0': ['올해', 'this year'],
    '1': ['내년', 'next year'],
  },
}
const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** The unit that `from`–`to` is exactly one of, and how far it lies from today's: last month is month −1. */
function findUnit(from: string, to: string, today: string): Named | null {
  const start = toDate(from)
  const end = toDate(to)
  const now = toDate(today)
  if (!start || !end || !now) return null
  if (start.equals(end)) return { unit: 'day', offset: now.until(start).days }
  const days = start.until(end).days + 1
  const monthsLong = monthSpan(start, end)
  if (days === 7 && start.dayOfWeek === 1) {
    return { unit: 'week', offset: now.subtract({ days: now.dayOfWeek - 1 }).until(start).days / 7 }
  }
  const monthsAway = (start.year - now.year) * 12 + start.month - now.month
  if (monthsLong === 1) return { unit: 'month', offset: monthsAway }
  if (monthsLong === 3 && start.month % 3 === 1) {
    return { unit: 'quarter', offset: (start.year - now.year) * 4 + quarterOf(start) - quarterOf(now) }
  }
  if (monthsLong === 6 && start.month % 6 === 1) return { unit: 'half', offset: start.month === 1 ? 1 : 2 }
  return monthsLong === 12 && start.month === 1 ? { unit: 'year', offset: start.year - now.year } : null
}

const quarterOf = (date: Temporal.PlainDate) => Math.ceil(date.month / 3)

/** How many whole calendar months the two days span, 0 when they are no whole months. */
function monthSpan(start: Temporal.PlainDate, end: Temporal.PlainDate): number {
  if (start.day !== 1 || end.day !== end.daysInMonth) return 0
  return (end.year - start.year) * 12 + end.month - start.month + 1
}

/** What a person would call the period: 이번 달, 2026년 9월, 최근 7일; the dates when it has no name. */
export function periodWords(period: Period, today: string, language: Language): string {
  const { from, to } = period
  if (!from || !to) return rangeText(from, to, language)
  const found = findUnit(from, to, today)
  return (
    (found && (nameNear(found, language) ?? nameFar(found.unit, from, today, language))) ||
    nameUntilToday(from, to, today, language) ||
    rangeText(from, to, language)
  )
}

function nameNear({ unit, offset }: Named, language: Language): string | undefined {
  const name = unit === 'half' ? undefined : names[unit][String(offset)]
  return language === 'ko' ? name?.[0] : name?.[1]
}

function nameFar(unit: Unit, from: string, today: string, language: Language): string | null {
  const date = Temporal.PlainDate.from(from)
  const year = date.year === Temporal.PlainDate.from(today).year ? '' : `${date.year}`
  const ko = (text: string) => (year ? `${year}년 ${text}` : text)
  const en = (text: string) => (year ? `${text} ${year}` : text)
  const half = date.month === 1
  switch (unit) {
    case 'month':
      return language === 'ko' ? ko(`${date.month}월`) : en(monthNames[date.month - 1] ?? '')
    case 'quarter':
      return language === 'ko' ? ko(`${quarterOf(date)}분기`) : en(`Q${quarterOf(date)}`)
    case 'half':
      return language === 'ko' ? ko(half ? '상반기' : '하반기') : en(half ? 'H1' : 'H2')
    case 'year':
      return language === 'ko' ? `${date.year}년` : String(date.year)
    default:
      return null
  }
}

function nameUntilToday(from: string, to: string, today: string, language: Language): string | null {
  if (to !== today) return null
  const say = (ko: string, en: string) => (language === 'ko' ? ko : en)
  const start = Temporal.PlainDate.from(from)
  const end = Temporal.PlainDate.from(to)
  const isThisYear = start.year === end.year
  if (isThisYear && start.month === 1 && start.day === 1) return say('올해 들어', 'so far this year')
  if (isThisYear && start.month === end.month && start.day === 1) return say('이달 들어', 'so far this month')
  const months = monthsUntil(start, end)
  if (months && months % 12 === 0) {
    const years = months / 12
    return say(`최근 ${years}년`, years === 1 ? 'the past year' : `the past ${years} years`)
  }
  if (months) return say(`최근 ${months}개월`, months === 1 ? 'the past month' : `the past ${months} months`)
  const days = start.until(end).days + 1
  return days <= 366 ? say(`최근 ${days}일`, `the past ${days} days`) : null
}

/** N when the period starts the day after today N months ago, as 최근 3개월 does. */
function monthsUntil(start: Temporal.PlainDate, end: Temporal.PlainDate): number | undefined {
  const before = start.subtract({ days: 1 })
  return Array.from({ length: 36 }, (_, i) => i + 1).find((months) => end.subtract({ months }).equals(before))
}

/** What the earlier side of a comparison is called: 지난달, 전월, 작년 같은 기간. */
export function earlierWords(
  kind: 'previousPeriod' | 'previousYear',
  previous: { from: string; to: string },
  today: string,
  language: Language,
): string {
  const ko = language === 'ko'
  if (kind === 'previousYear') return yearEarlier(previous, today, language)
  const found = findUnit(previous.from, previous.to, today)
  const near = found && nameNear(found, language)
  if (near) return near
  const generic =
    found &&
    {
      day: ['전날', 'the day before'],
      week: ['전주', 'the week before'],
      month: ['전월', 'the month before'],
      quarter: ['전 분기', 'the quarter before'],
      half: ['직전 반기', 'the half before'],
      year: ['전년', 'the year before'],
    }[found.unit]
  return (ko ? generic?.[0] : generic?.[1]) ?? (ko ? '직전 기간' : 'the period before')
}

/** A whole year or month by its name: this year so far is not held against “the same period” of a year that is over. */
function yearEarlier(previous: { from: string; to: string }, today: string, language: Language): string {
  const ko = language === 'ko'
  const isLastYear = previous.to.slice(0, 4) === String(Number(today.slice(0, 4)) - 1)
  if (!isLastYear) return ko ? '전년 같은 기간' : 'the same period a year earlier'
  const whole = findUnit(previous.from, previous.to, today)
  const name =
    whole?.unit === 'year' ? nameNear(whole, language) : whole && nameFar(whole.unit, previous.from, today, language)
  return name?.replace(/^\d{4}년/, '작년') ?? (ko ? '작년 같은 기간' : 'the same period last year')
}
