import { expect, test } from 'vitest'
import type { SubscriptionBody } from '../../../src/subscriptions/api.ts'
import { changeOf, readSubscription, timeZonesWith } from './edit-form.ts'

const alert: SubscriptionBody = {
  ...{ subscription: '6f1f6a8e-0000-4000-8000-000000000001', kind: 'alert', state: 'active', title: 'A-100 재고' },
  ...{ question: 'A-100 재고', query: { entity: 'stock', measures: ['quantity'] }, channel: 'email' },
  ...{ timeZone: 'Asia/Seoul', quietHours: { from: '22:00', to: '07:00' }, createdAt: '2026-11-23T05:00:00Z' },
}
const report: SubscriptionBody = { ...alert, kind: 'report', cron: '0 9 * * 1', quietHours: undefined }

test('only what has changed is sent', () => {
  for (const one of [alert, report]) expect(changeOf(one, readSubscription(one))).toEqual({})
  const form = readSubscription(report)
  const schedule = form.schedule && { ...form.schedule, rhythm: 'daily' as const, time: '08:30' }
  expect(changeOf(report, { ...form, schedule, timeZone: 'Europe/Berlin', channel: 'push' })).toEqual({
    ...{ cron: '30 8 * * *', timeZone: 'Europe/Berlin', channel: 'push' },
  })
})

test('quiet hours change, end, and are whole or not there', () => {
  const form = readSubscription(alert)
  expect(changeOf(alert, { ...form, quietTo: '08:00' })).toEqual({ quietHours: { from: '22:00', to: '08:00' } })
  expect(changeOf(alert, { ...form, isQuiet: false })).toEqual({ quietHours: null })
  expect(changeOf(alert, { ...form, quietTo: '' })).toBeUndefined()
  expect(changeOf(alert, { ...form, quietTo: '22:00' })).toBeUndefined()
})

test('a time zone of one’s own is among the choices once', () => {
  expect(timeZonesWith('Asia/Seoul').filter((zone) => zone === 'Asia/Seoul')).toHaveLength(1)
  expect(timeZonesWith('Mars/Olympus')[0]).toBe('Mars/Olympus')
})
