import { expect, test } from 'vitest'
import { readSpans } from './read-spans.ts'

const today = '2026-11-23'

test('spans stand in the text as it was typed', () => {
  expect(readSpans('작년 ３분기 매출 1억 2천 이상, 30프로', today)).toEqual([
    { start: 0, end: 6, text: '작년 ３분기', kind: 'period', from: '2025-07-01', to: '2025-09-30' },
    { start: 10, end: 15, text: '1억 2천', kind: 'number', value: 120_000_000 },
    { start: 20, end: 24, text: '30프로', kind: 'percent', value: 30, unit: '프로' },
  ])
})

test('one day is a date, with the day it is looking ahead', () => {
  expect(readSpans('3월 5일', today)).toEqual([
    {
      start: 0,
      end: 5,
      text: '3월 5일',
      kind: 'date',
      value: '2026-03-05',
      ahead: { from: '2027-03-05', to: '2027-03-05' },
    },
  ])
})

test('the numbers of a time are no numbers, also of one that does not exist', () => {
  expect(readSpans('2월 30일', today)).toEqual([])
  expect(readSpans('2026-11-05', today)).toHaveLength(1)
})

test('of a number and a time in it the longer is read', () => {
  expect(readSpans('-4/5', today)).toEqual([expect.objectContaining({ kind: 'number', value: -0.8 })])
})

test.each(['', ' ', '안녕', '이 거래처', '\ud800'])('%j has nothing to read', (text) => {
  expect(readSpans(text, today)).toEqual([])
})
