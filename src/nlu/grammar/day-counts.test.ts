import { expect, test } from 'vitest'
import { readDayCounts } from './day-counts.ts'

test.each([
  ['보름 넘게 연체된 미수금', 15],
  ['한 달 이상 밀린 돈', 30],
  ['열흘 초과 연체', 10],
  ['석 달 넘도록 못 받은 돈', 90],
])('%s counts days', (text, days) => {
  expect(readDayCounts(text).map((one) => one.days)).toEqual([days])
})

test.each(['보름 뒤 납기', '한 달 매출', '최근 한 달 넘는 매출'])('%s counts none', (text) => {
  expect(readDayCounts(text)).toEqual([])
})
