import { Cron } from 'croner'
import { AppError } from '#platform/errors'
import { subscriptionErrors } from './errors.ts'
import type { QuietHours } from './subscription.ts'

type Schedule = { cron: string; timeZone: string }
/** Nobody reads a report more often; alerts are what is quick. */
const shortestGapMs = 15 * 60_000
const looked = 12

const openCron = ({ cron, timeZone }: Schedule) => new Cron(cron, { timezone: timeZone, mode: '5-part', paused: true })

/** Throws SUBSCRIPTION_SCHEDULE for what is no schedule, never comes, or comes more often than every fifteen minutes. */
export function checkSchedule(schedule: Schedule, now: Date): void {
  const refused = (cause?: unknown) => new AppError(subscriptionErrors.schedule, { cause })
  let runs: Date[]
  try {
    runs = openCron(schedule).nextRuns(looked, now)
  } catch (error) {
    throw refused(error)
  }
  if (runs.length === 0) throw refused()
  for (const [index, run] of runs.entries()) {
    const before = runs[index - 1]
    if (before && run.getTime() - before.getTime() < shortestGapMs) throw refused()
  }
}

/** What was said of a schedule in place of what there is; `?` is what was not said. Without any: every day at nine. */
export function mergeSchedule(before: string | undefined, said: string): string {
  const kept = (before ?? '0 9 * * *').split(' ')
  return said
    .split(' ')
    .map((field, place) => (field === '?' ? (kept[place] ?? '*') : field))
    .join(' ')
}

/** The first scheduled instant after `after`; null when there is none. */
export function nextTime(schedule: Schedule, after: Date): Date | null {
  return openCron(schedule).nextRun(after)
}

/** When the quiet hours that hold at `now` end; undefined when none hold. */
export function quietUntil(quiet: QuietHours | undefined, timeZone: string, now: Date): Date | undefined {
  if (!quiet || quiet.from === quiet.to) return undefined
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const time = clock.format(now)
  const isQuiet = quiet.from < quiet.to ? time >= quiet.from && time < quiet.to : time >= quiet.from || time < quiet.to
  if (!isQuiet) return undefined
  const [hour, minute] = quiet.to.split(':').map(Number)
  return nextTime({ cron: `${minute} ${hour} * * *`, timeZone }, now) ?? undefined
}
