import { Temporal } from 'temporal-polyfill'
import type { Grain, Language } from '#catalog'

const timeZone = 'Asia/Seoul'
const weekdays = {
  ko: ['월', '화', '수', '목', '금', '토', '일'],
  en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
}
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** The year of an ISO day. */
export function yearOf(iso: string): number {
  return Temporal.PlainDate.from(iso).year
}

/** The first day of the last `months` months up to and with `iso`: 2026-08-24 for three before 2026-11-23. */
export function monthsBefore(iso: string, months: number): string {
  return Temporal.PlainDate.from(iso).subtract({ months }).add({ days: 1 }).toString()
}

/** 14:32, in Asia/Seoul. */
export function clockText(instant: Date): string {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainTime()
    .toString({ smallestUnit: 'minute' })
}

/** A plain date, or null when the text is none. */
export function toDate(text: string): Temporal.PlainDate | null {
  try {
    return Temporal.PlainDate.from(text.slice(0, 10))
  } catch {
    return null
  }
}

/** 2026.11.23 (월) · 23 Nov 2026 (Mon). What is no date stays as it is. */
export function dayText(iso: string, language: Language): string {
  const date = toDate(iso)
  if (!date) return iso
  const weekday = weekdays[language][date.dayOfWeek - 1]
  return language === 'ko'
    ? `${dotted(date)} (${weekday})`
    : `${date.day} ${months[date.month - 1]} ${date.year} (${weekday})`
}

function dotted(date: Temporal.PlainDate): string {
  return `${date.year}.${pad(date.month)}.${pad(date.day)}`
}

/** Both ends: 2026.11.01–11.30 · 1–30 Nov 2026; one day with its weekday; an open end as from or until. */
export function rangeText(from: string | undefined, to: string | undefined, language: Language): string {
  const start = from ? toDate(from) : null
  const end = to ? toDate(to) : null
  const ko = language === 'ko'
  if (start && end) {
    if (start.equals(end)) return dayText(start.toString(), language)
    return ko ? koreanRange(start, end) : englishRange(start, end)
  }
  if (start) return ko ? `${dotted(start)}부터` : `from ${englishDay(start)}`
  if (end) return ko ? `${dotted(end)}까지` : `until ${englishDay(end)}`
  return ''
}

function koreanRange(start: Temporal.PlainDate, end: Temporal.PlainDate): string {
  return `${dotted(start)}–${start.year === end.year ? `${pad(end.month)}.${pad(end.day)}` : dotted(end)}`
}

function englishRange(start: Temporal.PlainDate, end: Temporal.PlainDate): string {
  if (start.year !== end.year) return `${englishDay(start)} – ${englishDay(end)}`
  if (start.month !== end.month) return `${start.day} ${months[start.month - 1]} – ${englishDay(end)}`
  return `${start.day}–${englishDay(end)}`
}

function englishDay(date: Temporal.PlainDate): string {
  return `${date.day} ${months[date.month - 1]} ${date.year}`
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}

/** A cell of a date cut by `grain`: 2026.11, 2026년 3분기, 11.16–11.22. Takes `2026-11`, `2026-11-01`, `2026-Q3` and `2026`. */
export function grainText(cell: string, grain: Grain, language: Language): string {
  const start = grainStart(cell)
  if (!start) return cell
  const ko = language === 'ko'
  switch (grain) {
    case 'day':
      return dayText(start.toString(), language)
    case 'week':
      return rangeText(start.toString(), start.add({ days: 6 }).toString(), language)
    case 'month':
      return ko ? `${start.year}.${pad(start.month)}` : `${months[start.month - 1]} ${start.year}`
    case 'quarter': {
      const quarter = Math.ceil(start.month / 3)
      return ko ? `${start.year}년 ${quarter}분기` : `Q${quarter} ${start.year}`
    }
    case 'year':
      return ko ? `${start.year}년` : String(start.year)
  }
}

/** The first day of a grain cell, or null. */
function grainStart(cell: string): Temporal.PlainDate | null {
  const [, year = '', quarter, month, day] = /^(\d{4})(?:-?Q([1-4])|(?:-(\d{2})(?:-(\d{2}))?)?)/.exec(cell) ?? []
  if (!year) return null
  const first = quarter ? pad(Number(quarter) * 3 - 2) : (month ?? '01')
  return toDate(`${year}-${first}-${day ?? '01'}`)
}

/** How many grains a cell lies after the grain that holds `from`: what lines two periods up with each other. */
export function grainOffset(cell: string, from: string, grain: Grain): number | null {
  const date = grainStart(cell)
  const start = toDate(from)
  if (!date || !start) return null
  switch (grain) {
    case 'day':
      return start.until(date).days
    case 'week':
      return Math.floor(start.subtract({ days: start.dayOfWeek - 1 }).until(date).days / 7)
    case 'month':
      return (date.year - start.year) * 12 + date.month - start.month
    case 'quarter':
      return (date.year - start.year) * 4 + Math.ceil(date.month / 3) - Math.ceil(start.month / 3)
    case 'year':
      return date.year - start.year
  }
}
