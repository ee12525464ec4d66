import { expect, test } from 'vitest'
import { seoulDate } from '#platform/seoul-date'
import { dayText, grainOffset, grainText, rangeText } from './dates.ts'
import { earlierWords, periodWords } from './period-words.ts'

const today = '2026-11-23' // a Monday

test.each([
  ['2026-11-23', '2026-11-23', '오늘', 'today'],
  ['2026-11-22', '2026-11-22', '어제', 'yesterday'],
  ['2026-11-05', '2026-11-05', '2026.11.05 (목)', '5 Nov 2026 (Thu)'],
  ['2026-11-16', '2026-11-22', '지난주', 'last week'],
  ['2026-11-23', '2026-11-29', '이번 주', 'this week'],
  ['2026-11-01', '2026-11-30', '이번 달', 'this month'],
  ['2026-10-01', '2026-10-31', '지난달', 'last month'],
  ['2026-08-01', '2026-08-31', '8월', 'August'],
  ['2025-12-01', '2025-12-31', '2025년 12월', 'December 2025'],
  ['2026-07-01', '2026-09-30', '지난 분기', 'last quarter'],
  ['2025-01-01', '2025-03-31', '2025년 1분기', 'Q1 2025'],
  ['2026-01-01', '2026-06-30', '상반기', 'H1'],
  ['2025-07-01', '2025-12-31', '2025년 하반기', 'H2 2025'],
  ['2026-01-01', '2026-12-31', '올해', 'this year'],
  ['2025-01-01', '2025-12-31', '작년', 'last year'],
  ['2023-01-01', '2023-12-31', '2023년', '2023'],
  ['2026-01-01', '2026-11-23', '올해 들어', 'so far this year'],
  ['2026-11-01', '2026-11-23', '이달 들어', 'so far this month'],
  ['2026-11-17', '2026-11-23', '최근 7일', 'the past 7 days'],
  ['2026-08-24', '2026-11-23', '최근 3개월', 'the past 3 months'],
  ['2024-11-24', '2026-11-23', '최근 2년', 'the past 2 years'],
  ['2026-03-01', '2026-05-31', '2026.03.01–05.31', '1 Mar – 31 May 2026'],
  ['2025-12-15', '2026-01-15', '2025.12.15–2026.01.15', '15 Dec 2025 – 15 Jan 2026'],
])('%s to %s is %s', (from, to, ko, en) => {
  expect(periodWords({ field: 'date', from, to }, today, 'ko')).toBe(ko)
  expect(periodWords({ field: 'date', from, to }, today, 'en')).toBe(en)
})

test('an open end is said', () => {
  expect(periodWords({ field: 'date', from: '2026-11-01' }, today, 'ko')).toBe('2026.11.01부터')
  expect(periodWords({ field: 'date', to: '2026-11-01' }, today, 'en')).toBe('until 1 Nov 2026')
  expect(rangeText('2026-11-01', '2026-11-30', 'en')).toBe('1–30 Nov 2026')
})

test.each([
  ['previousPeriod', '2026-10-01', '2026-10-31', '지난달', 'last month'],
  ['previousPeriod', '2026-09-01', '2026-09-30', '전월', 'the month before'],
  ['previousPeriod', '2026-11-10', '2026-11-16', '직전 기간', 'the period before'],
  ['previousYear', '2025-11-01', '2025-11-30', '작년 11월', 'November 2025'],
  ['previousYear', '2025-01-01', '2025-12-31', '작년', 'last year'],
  ['previousYear', '2025-10-01', '2025-12-31', '작년 4분기', 'Q4 2025'],
  ['previousYear', '2025-11-01', '2025-11-23', '작년 같은 기간', 'the same period last year'],
  ['previousYear', '2024-01-01', '2024-12-31', '전년 같은 기간', 'the same period a year earlier'],
] as const)('%s %s–%s is called %s', (kind, from, to, ko, en) => {
  if (ko !== '전월') {
    expect(earlierWords(kind, { from, to }, today, 'ko')).toBe(ko)
    expect(earlierWords(kind, { from, to }, today, 'en')).toBe(en)
  } else {
    expect([earlierWords(kind, { from, to }, today, 'ko'), earlierWords(kind, { from, to }, today, 'en')]).toEqual([
      ko,
      en,
    ])
  }
})

test('a date is read in Seoul', () => {
  expect(seoulDate(new Date('2026-11-22T15:00:00Z'))).toBe('2026-11-23')
  expect(seoulDate(new Date('2026-11-22T14:59:59Z'))).toBe('2026-11-22')
  expect(dayText('2026-11-23', 'ko')).toBe('2026.11.23 (월)')
  expect(dayText('not a date', 'ko')).toBe('not a date')
})

test.each([
  ['2026-11-01', 'month', '2026.11', 'Nov 2026'],
  ['2026-07-01', 'quarter', '2026년 3분기', 'Q3 2026'],
  ['2026-11-16', 'week', '2026.11.16–11.22', '16–22 Nov 2026'],
  ['2026-01-01', 'year', '2026년', '2026'],
  ['2026-Q3', 'quarter', '2026년 3분기', 'Q3 2026'],
] as const)('a %s cell by %s', (cell, grain, ko, en) => {
  expect(grainText(cell, grain, 'ko')).toBe(ko)
  expect(grainText(cell, grain, 'en')).toBe(en)
})

test('two periods line up by their place from the start', () => {
  expect(grainOffset('2026-03-01', '2026-01-01', 'month')).toBe(2)
  expect(grainOffset('2025-03-01', '2025-01-01', 'month')).toBe(2)
  expect(grainOffset('2026-11-16', '2026-11-04', 'week')).toBe(2)
  expect(grainOffset('oops', '2026-01-01', 'day')).toBeNull()
})
