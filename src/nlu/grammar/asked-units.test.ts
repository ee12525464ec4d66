import { expect, test } from 'vitest'
import { readAskedUnits } from './asked-units.ts'

test.each([
  ['매출이 제일 높은 달은 언제야', 'month', '달'],
  ['어느 분기가 이익이 제일 낮았어', 'quarter', '어느 분기'],
  ['몇 월에 제일 많이 팔았어', 'month', '몇 월'],
  ['이번 달 매출 제일 많았던 날', 'day', '날'],
  ['which month had the highest sales', 'month', 'which month'],
  ['best week for orders', 'week', 'week'],
])('%s asks for a unit of time', (text, unit, said) => {
  const [one] = readAskedUnits(text)
  expect([one?.unit, text.slice(one?.start, one?.end)]).toEqual([unit, said])
})

test.each(['이번 달 매출', '지난주 매출 제일 큰 거래처', '달력 보여줘', 'this month', '몇 월급 받아', '가장 큰 주문'])(
  '%s asks for none',
  (text) => {
    expect(readAskedUnits(text)).toEqual([])
  },
)
