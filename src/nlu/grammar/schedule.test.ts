import { expect, test } from 'vitest'
import { readSchedule } from './schedule.ts'

test.each([
  ['매일 아침 8시에', '0 8 * * *'],
  ['매주 월요일 오전 9시 반에', '30 9 * * 1'],
  ['매주 화요일 오후 2시 30분', '30 14 * * 2'],
  ['월수금 7시에', '0 7 * * 1,3,5'],
  ['평일 저녁 6시에', '0 18 * * 1-5'],
  ['매월 25일', '0 9 25 * *'],
  ['매달 1일 오전 10시에', '0 10 1 * *'],
  ['금요일마다 17시에', '0 17 * * 5'],
  ['every monday at 9am', '0 9 * * 1'],
  ['every weekday at 18:30', '30 18 * * 1-5'],
  ['every friday at 5pm', '0 17 * * 5'],
  ['daily', '0 9 * * *'],
])('%s', (text, cron) => {
  expect(readSchedule(text)?.cron).toBe(cron)
})

test.each(['지난주 월요일', '금일 올라온 결재', '당일 매출', '이번 달 매출', '월요일 매출'])(
  '%s is not repeated',
  (text) => {
    expect(readSchedule(text)).toBeUndefined()
  },
)
