import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isoOf } from './calendar.ts'
import { movePeriod } from './move-period.ts'
import { readTimes } from './periods.ts'

const today = '2026-11-23'
const sentences = [
  ...readFileSync('bench/data/questions/d.jsonl', 'utf8').split('\n'),
  '오늘 어제 내일 그제 3일 전 2주 전 다음 달 지난 분기 작년 재작년 올해 상반기',
  '최근 7일 최근 3개월 지난 2주 앞으로 2주 다음 3개월',
  '이번 달 들어 연초부터 ytd month to date quarter to date last 30 days next 2 weeks',
]

describe('movePeriod', () => {
  test('gives each relative period of real questions the days that the grammar reads', () => {
    const seen = new Set<string>()
    for (const text of sentences)
      for (const { relative, back } of readTimes(text.toLowerCase(), today).periods) {
        if (relative === undefined || back.from === undefined || back.to === undefined) continue
        seen.add(relative)
        const said = { field: 'date', from: '2000-01-01', to: '2000-01-01', relative }
        expect(movePeriod(said, today), relative).toEqual({ ...said, from: isoOf(back.from), to: isoOf(back.to) })
      }
    expect(seen.size).toBeGreaterThan(15)
  })

  test.each([
    ['lastWeek', '2026-11-30', '2026-11-23', '2026-11-29'],
    ['yesterday', '2027-01-01', '2026-12-31', '2026-12-31'],
    ['last3Months', '2027-02-28', '2026-11-29', '2027-02-28'],
    ['monthToDate', '2026-12-05', '2026-12-01', '2026-12-05'],
  ])('moves %s to %s', (relative, on, from, to) => {
    expect(movePeriod({ field: 'date', from: '2000-01-01', relative }, on)).toMatchObject({ from, to })
  })

  test('leaves what does not move, and a name that is none', () => {
    const fixed = { field: 'date', from: '2026-11-01', to: '2026-11-30' }
    expect(movePeriod(fixed, '2027-01-01')).toBe(fixed)
    const odd = { ...fixed, relative: '__proto__' }
    expect(movePeriod(odd, '2027-01-01')).toBe(odd)
  })
})
