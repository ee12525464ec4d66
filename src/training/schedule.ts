import { Cron } from 'croner'
import { AppError } from '#platform/errors'
import { trainingErrors } from './errors.ts'
import type { Settings } from './jobs/job.ts'
import type { JobStore } from './jobs/job-store.ts'

type Times = Pick<Settings, 'cron' | 'timeZone'>

const open = ({ cron, timeZone }: Times) => new Cron(cron, { timezone: timeZone, mode: '5-part', paused: true })

/** Throws TRAINING_SCHEDULE_INVALID for times that are none, or never come. */
export function checkTimes(times: Times): void {
  let next: Date | null
  try {
    next = open(times).nextRun()
  } catch (cause) {
    throw new AppError(trainingErrors.badSchedule, { cause })
  }
  if (!next) throw new AppError(trainingErrors.badSchedule)
}

export function nextTime(times: Times, after: Date): Date | undefined {
  return open(times).nextRun(after) ?? undefined
}

/** A time that passed while nothing ran is made up for within this; one that is older is left out. */
const mostLateMs = 6 * 60 * 60_000

/** Opens the job of the last scheduled time, if it is due and has none. Of several workers one opens it: a time has one job. */
export async function openScheduled(
  jobs: Pick<JobStore, 'open' | 'readSettings'>,
  now: Date,
): Promise<string | undefined> {
  const settings = await jobs.readSettings()
  if (!settings.isEnabled) return undefined
  const scheduledFor = nextTime(settings, new Date(now.getTime() - mostLateMs))
  if (!scheduledFor || scheduledFor > now) return undefined
  return (
    await jobs.open({ trigger: 'schedule', requestedBy: null, scheduledFor: latest(settings, scheduledFor, now) })
  )?.jobId
}

/** The last time that has passed: of several that were missed one job makes up. */
function latest(settings: Times, first: Date, now: Date): Date {
  let time = first
  for (let next = nextTime(settings, time); next && next <= now; next = nextTime(settings, next)) time = next
  return time
}
