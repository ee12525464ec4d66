import { Cron } from 'croner'

/** When the daily full sync begins: a cron expression of five fields, and the time zone that it is meant in. */
export type SyncSchedule = { cron: string; timeZone: string }

/** Throws Error for an expression or a time zone that is none, or an expression that never comes. */
export function checkSchedule({ cron, timeZone }: SyncSchedule): void {
  const next = new Cron(cron, { timezone: timeZone, mode: '5-part', paused: true }).nextRun()
  if (!next) throw new Error('this time never comes')
}

/** The first scheduled instant after another. A time that a change of clocks skips is the instant that takes its place. */
export function nextTime({ cron, timeZone }: SyncSchedule, after: Date): Date | undefined {
  return new Cron(cron, { timezone: timeZone, mode: '5-part', paused: true }).nextRun(after) ?? undefined
}

/**
 * Whether a full sync is due: a scheduled time has passed since the last one, which may have been missed while nothing ran.
 * `last`: when the last one of every entity ended; without one there is nothing to be late for.
 */
export function isDue(schedule: SyncSchedule, { last, now }: { last: Date | undefined; now: Date }): boolean {
  if (!last) return false
  const next = nextTime(schedule, last)
  return next !== undefined && next <= now
}
