import { expect, test } from 'vitest'
import { type DayRange, isoOf } from './calendar.ts'
import { readPeriods } from './periods.ts'

const today = '2026-11-23'
const say = ({ from, to }: DayRange) => `${from === undefined ? '' : isoOf(from)}…${to === undefined ? '' : isoOf(to)}`

test.each([
  ['이번 달', '2026-11-01…2026-11-30'],
  ['지난달', '2026-10-01…2026-10-31'],
  ['저번주', '2026-11-16…2026-11-22'],
  ['지지난주 금요일', '2026-11-13…2026-11-13'],
  ['그저께', '2026-11-21…2026-11-21'],
  ['작년 3분기', '2025-07-01…2025-09-30'],
  ['올 하반기', '2026-07-01…2026-12-31'],
  ['25년 하반기', '2025-07-01…2025-12-31'],
  ['12월', '2025-12-01…2025-12-31'],
  ['11월', '2026-11-01…2026-11-30'],
  ['2025년 3월', '2025-03-01…2025-03-31'],
  ['2026년 2월 말', '2026-02-21…2026-02-28'],
  ['3월부터 5월까지', '2026-03-01…2026-05-31'],
  ['1~3월', '2026-01-01…2026-03-31'],
  ['10월부터 12월까지', '2026-10-01…2026-12-31'],
  ['작년 10월부터 올해 3월까지', '2025-10-01…2026-03-31'],
  ['올해 들어', '2026-01-01…2026-11-23'],
  ['연초부터', '2026-01-01…2026-11-23'],
  ['월초부터', '2026-11-01…2026-11-23'],
  ['1월부터 지금까지', '2026-01-01…2026-11-23'],
  ['최근 7일', '2026-11-17…2026-11-23'],
  ['최근 3개월', '2026-08-24…2026-11-23'],
  ['최근 한 달간', '2026-10-24…2026-11-23'],
  ['2주 전', '2026-11-09…2026-11-15'],
  ['2026-11-05', '2026-11-05…2026-11-05'],
  ['11월 5일부터', '2026-11-05…'],
  ['3월까지', '…2026-03-31'],
  ['다음 3개월', '2026-11-23…2027-02-22'],
  ['지난주', '2026-11-16…2026-11-22'],
  ['last month', '2026-10-01…2026-10-31'],
  ['october 2025', '2025-10-01…2025-10-31'],
  ['from march to may', '2026-03-01…2026-05-31'],
  ['the last 30 days', '2026-10-25…2026-11-23'],
  ['h1 2025', '2025-01-01…2025-06-30'],
  ['since june', '2026-06-01…'],
  ['before march', '…2026-02-28'],
  ['this year so far', '2026-01-01…2026-11-23'],
])('%s looking back', (text, expected) => {
  expect(readPeriods(text, today).map((one) => say(one.back))).toEqual([expected])
})

test.each([
  ['12월', '2026-12-01…2026-12-31'],
  ['3월', '2027-03-01…2027-03-31'],
  ['11월 5일', '2026-11-05…2026-11-05'],
  ['금요일', '2026-11-27…2026-11-27'],
])('%s looking ahead', (text, expected) => {
  expect(readPeriods(text, today).map((one) => say(one.ahead))).toEqual([expected])
})

test.each(['전월 대비', '지난달보다', '작년 대비', '지난달이랑 비교', 'compared to last month'])(
  '%s is what is compared with',
  (text) => {
    expect(readPeriods(text, today)).toEqual([expect.objectContaining({ isBaseline: true })])
  },
)

test.each(['이번 주문', '5일 이상', '올라온 결재', '3개 이상', '2월 30일', 'may i see', '주간보고'])(
  '%s is no time',
  (text) => {
    expect(readPeriods(text, today).filter((one) => one.unit === 'day' && one.back.from === one.back.to)).toEqual([])
  },
)

test('a year end and a leap day are real days', () => {
  expect(readPeriods('2024년 2월 29일', today).map((one) => say(one.back))).toEqual(['2024-02-29…2024-02-29'])
  expect(readPeriods('2025년 2월 29일', today).every((one) => one.unit !== 'day')).toBe(true)
})
