import type { ChangeSubscription, SubscriptionBody } from '../../../src/subscriptions/api.ts'
import { readSchedule, type ScheduleForm, writeSchedule } from './schedule-form.ts'

/** A subscription as its dialog shows it. `schedule` is null for an alert that waits for changes in the ERP. */
export type EditForm = {
  schedule: ScheduleForm | null
  timeZone: string
  channel: SubscriptionBody['channel']
  isQuiet: boolean
  quietFrom: string
  quietTo: string
}

const usualQuiet = { from: '22:00', to: '07:00' }

export function readSubscription({ cron, timeZone, channel, quietHours }: SubscriptionBody): EditForm {
  const { from, to } = quietHours ?? usualQuiet
  const schedule = cron === undefined ? null : readSchedule(cron)
  return { schedule, timeZone, channel, isQuiet: quietHours !== undefined, quietFrom: from, quietTo: to }
}

/** What has changed, as the server takes it; undefined while something is missing. */
export function changeOf(before: SubscriptionBody, form: EditForm): ChangeSubscription | undefined {
  const cron = form.schedule ? writeSchedule(form.schedule) : undefined
  if (form.schedule && cron === undefined) return undefined
  const { quietFrom: from, quietTo: to } = form
  if (form.isQuiet && (from === '' || to === '' || from === to)) return undefined
  const quietHours = form.isQuiet ? { from, to } : null
  const isSame = JSON.stringify(quietHours) === JSON.stringify(before.quietHours ?? null)
  return {
    ...(cron !== undefined && cron !== before.cron && { cron }),
    ...(form.timeZone !== before.timeZone && { timeZone: form.timeZone }),
    ...(form.channel !== before.channel && { channel: form.channel }),
    ...(!isSame && { quietHours }),
  }
}

/** Every time zone that the browser knows, and `own` whether it does or not. */
export function timeZonesWith(own: string): string[] {
  const known = Intl.supportedValuesOf('timeZone')
  return [...new Set([own, 'Asia/Seoul', ...known])]
}
