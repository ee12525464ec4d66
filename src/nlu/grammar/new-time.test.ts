import { expect, test } from 'vitest'
import { readNewTime } from './new-time.ts'

test.each([
  ['매출 보고서 수요일로 바꿔줘', '? ? * * 3'],
  ['매주 수요일로 옮겨줘', '? ? * * 3'],
  ['월요일과 목요일로 변경해줘', '? ? * * 1,4'],
  ['그거 매주 화요일 8시로 바꿔줘', '0 8 * * 2'],
  ['보고서 오후 5시로 바꿔줘', '0 17 ? ? ?'],
  ['매일 8시 반으로 바꿔줘', '30 8 * * *'],
  ['change the sales report to wednesday', '? ? * * 3'],
  ['change that to every friday at 5pm', '0 17 * * 5'],
  ['move my report to 8:30 am', '30 8 ? ? ?'],
])('%s', (text, cron) => {
  expect(readNewTime(text)).toBe(cron)
})

test.each([
  '수요일 매출 보고서 꺼줘',
  '막대그래프로 바꿔줘',
  '거래처별로 바꿔줘',
  '지난달로 바꿔줘',
  'change it to a bar chart',
  '서울로 바꿔줘',
])('no new time: %s', (text) => {
  expect(readNewTime(text)).toBeUndefined()
})
