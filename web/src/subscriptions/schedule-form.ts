/** How often something comes, as people think of it; `other` is a schedule that only cron says. */
export const rhythms = ['daily', 'weekdays', 'weekly', 'monthly', 'other'] as const
type Rhythm = (typeof rhythms)[number]

/** A schedule as a form shows it. `time` is HH:MM, `weekday` 0 (Sunday) to 6, `monthDay` 1 to 31, `cron` what `other` says. */
export type ScheduleForm = { rhythm: Rhythm; time: string; weekday: string; monthDay: string; cron: string }

export const weekdays = ['1', '2', '3', '4', '5', '6', '0'] as const
export const monthDays = Array.from({ length: 31 }, (_, index) => String(index + 1))

const usual = { weekday: '1', monthDay: '1' }
const plainTime = /^(\d{1,2}) (\d{1,2}) (\*|\d{1,2}) \* (\*|1-5|[0-7])$/

/** Five fields of cron as a form; what the form has no words for stays as it is. */
export function readSchedule(cron: string): ScheduleForm {
  const other: ScheduleForm = { ...usual, rhythm: 'other', time: '09:00', cron }
  const [, minute, hour, monthDay, weekday] = plainTime.exec(cron.trim()) ?? []
  if (minute === undefined || hour === undefined || Number(minute) > 59 || Number(hour) > 23) return other
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
  const known = { ...usual, time, cron }
  if (monthDay === '*' && weekday === '*') return { ...known, rhythm: 'daily' }
  if (monthDay === '*' && weekday === '1-5') return { ...known, rhythm: 'weekdays' }
  if (monthDay === '*') return { ...known, rhythm: 'weekly', weekday: String(Number(weekday) % 7) }
  const isDay = weekday === '*' && Number(monthDay) >= 1 && Number(monthDay) <= 31
  return isDay ? { ...known, rhythm: 'monthly', monthDay: String(Number(monthDay)) } : other
}

/** What is filled in as five fields of cron; undefined while a time is missing. */
export function writeSchedule({ rhythm, time, weekday, monthDay, cron }: ScheduleForm): string | undefined {
  if (rhythm === 'other') return cron.trim() === '' ? undefined : cron.trim()
  const [hour, minute] = time.split(':').map(Number)
  if (hour === undefined || minute === undefined || Number.isNaN(hour + minute)) return undefined
  const days = { daily: '* * *', weekdays: '* * 1-5', weekly: `* * ${weekday}`, monthly: `${monthDay} * *` }
  return `${minute} ${hour} ${days[rhythm]}`
}
