import { expect, test } from 'vitest'
import { readSchedule, writeSchedule } from './schedule-form.ts'

test.each([
  ['30 8 * * *', { rhythm: 'daily', time: '08:30' }],
  ['0 9 * * 1-5', { rhythm: 'weekdays', time: '09:00' }],
  ['5 18 * * 4', { rhythm: 'weekly', time: '18:05', weekday: '4' }],
  ['0 7 15 * *', { rhythm: 'monthly', time: '07:00', monthDay: '15' }],
])('%s is shown in words and written back', (cron, form) => {
  expect(readSchedule(cron)).toMatchObject(form)
  expect(writeSchedule(readSchedule(cron))).toBe(cron)
})

test.each(['*/30 9-18 * * 1-5', '0 9 L * *', '0 9 1 1 *', '0 9 1 * 1', '61 9 * * *', '0 9 32 * *', '0 9 * * 1,3'])(
  '%s stays as it is',
  (cron) => {
    expect(readSchedule(cron).rhythm).toBe('other')
    expect(writeSchedule(readSchedule(cron))).toBe(cron)
  },
)

test('Sunday has two numbers, and a time that is missing makes no schedule', () => {
  expect(readSchedule('0 9 * * 7').weekday).toBe('0')
  expect(writeSchedule({ ...readSchedule('0 9 * * *'), time: '' })).toBeUndefined()
  expect(writeSchedule({ ...readSchedule('0 9 * * *'), rhythm: 'other', cron: ' ' })).toBeUndefined()
})
