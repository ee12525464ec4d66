import { describe, expect, test } from 'vitest'
import { seoulDate } from '#platform/seoul-date'
import { listUnits, previousPeriod, previousYear, startOfUnit } from './period.ts'

const today = '2026-11-23'
const periodBefore = (from: string, to: string, relative?: string) => {
  const span = previousPeriod({ from, to }, today, relative)
  return `${span.from}..${span.to}`
}

describe('previousPeriod', () => {
  test.each([
    ['a day', '2026-11-23', '2026-11-23', '2026-11-22..2026-11-22'],
    ['a week over a month end', '2026-11-02', '2026-11-08', '2026-10-26..2026-11-01'],
    ['a month', '2026-11-01', '2026-11-30', '2026-10-01..2026-10-31'],
    ['March, after a February of 28', '2026-03-01', '2026-03-31', '2026-02-01..2026-02-28'],
    ['January', '2026-01-01', '2026-01-31', '2025-12-01..2025-12-31'],
    ['a quarter', '2026-10-01', '2026-12-31', '2026-07-01..2026-09-30'],
    ['a half year', '2026-01-01', '2026-06-30', '2025-07-01..2025-12-31'],
    ['a year', '2026-01-01', '2026-12-31', '2025-01-01..2025-12-31'],
    ['two months', '2026-10-01', '2026-11-30', '2026-08-01..2026-09-30'],
    ['ten odd days', '2026-11-05', '2026-11-14', '2026-10-26..2026-11-04'],
    ['this month so far', '2026-11-01', today, '2026-10-01..2026-10-31'],
    ['this year so far', '2026-01-01', today, '2025-01-01..2025-12-31'],
    ['this quarter so far', '2026-10-01', today, '2026-07-01..2026-09-30'],
    ['the last seven days', '2026-11-17', today, '2026-11-10..2026-11-16'],
  ])('of %s', (_, from, to, expected) => {
    expect(periodBefore(from, to)).toBe(expected)
  })

  test('counts days for a period of so many days, even where it begins with a month', () => {
    expect(periodBefore('2026-11-01', today, 'last23Days')).toBe('2026-10-09..2026-10-31')
    expect(periodBefore('2026-11-01', today, 'thisMonthToDate')).toBe('2026-10-01..2026-10-31')
  })
})

test('previousYear keeps the dates, and moves 29 February to the 28th', () => {
  expect(previousYear({ from: '2026-11-01', to: '2026-11-23' })).toEqual({ from: '2025-11-01', to: '2025-11-23' })
  expect(previousYear({ from: '2028-02-01', to: '2028-02-29' })).toEqual({ from: '2027-02-01', to: '2027-02-28' })
})

test('startOfUnit', () => {
  expect(startOfUnit('2026-11-01', 'week')).toBe('2026-10-26')
  expect(startOfUnit('2026-11-02', 'week')).toBe('2026-11-02')
  expect(startOfUnit('2027-01-01', 'week')).toBe('2026-12-28')
  expect(startOfUnit('2026-12-31', 'quarter')).toBe('2026-10-01')
  expect(startOfUnit('2026-02-28', 'month')).toBe('2026-02-01')
})

test('listUnits lists the units a span touches, or says that they are too many', () => {
  expect(listUnits({ from: '2026-11-10', to: '2026-11-23' }, 'week', 9)).toEqual([
    '2026-11-09',
    '2026-11-16',
    '2026-11-23',
  ])
  expect(listUnits({ from: '2026-01-31', to: '2026-03-01' }, 'month', 9)).toEqual([
    '2026-01-01',
    '2026-02-01',
    '2026-03-01',
  ])
  expect(listUnits({ from: '2026-01-01', to: '2026-01-10' }, 'day', 9)).toBeUndefined()
})

test('seoulDate is the day in Seoul', () => {
  expect(seoulDate(new Date('2026-11-22T15:00:00Z'))).toBe('2026-11-23')
  expect(seoulDate(new Date('2026-11-22T14:59:59Z'))).toBe('2026-11-22')
})
