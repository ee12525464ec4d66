type Shown = { date: string; time: string }

const zone = 'Asia/Seoul'

/** An instant as people read it in Seoul: `2026.11.23 (월) 14:32`, `23 Nov 2026, 14:32`. */
export function formatInstant(iso: string, language: string): string {
  const { date, time } = partsOf(iso, language)
  return language === 'en' ? `${date}, ${time}` : `${date} ${time}`
}

/** An instant to the second, for a trail in which much happens in one minute. */
export function formatSecond(iso: string, language: string): string {
  return `${formatInstant(iso, language)}:${iso.slice(17, 19)}`
}

/** The day of an instant in Seoul. */
export function formatDay(iso: string, language: string): string {
  return partsOf(iso, language).date
}

/** The end of a day (YYYY-MM-DD) in Seoul as an instant. */
export function endOfDay(day: string): string {
  return new Date(`${day}T23:59:59.999+09:00`).toISOString()
}

/** Today in Seoul as YYYY-MM-DD. */
export function today(now: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(now)
}

function partsOf(iso: string, language: string): Shown {
  const at = new Date(iso)
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(at)
  if (language === 'en') {
    const date = new Intl.DateTimeFormat('en-GB', { timeZone: zone, day: 'numeric', month: 'short', year: 'numeric' })
    return { date: date.format(at), time }
  }
  const weekday = new Intl.DateTimeFormat('ko-KR', { timeZone: zone, weekday: 'short' }).format(at)
  return { date: `${today(at).replaceAll('-', '.')} (${weekday})`, time }
}

/** The start of a day (YYYY-MM-DD) in Seoul as an instant. */
export function startOfDay(day: string): string {
  return new Date(`${day}T00:00:00+09:00`).toISOString()
}
