import { describe, expect, test } from 'vitest'
import type { BusinessQuery, RowFilter } from '#catalog'
import { recordCases } from './record-cases-fixture.ts'
import { renderAnswer } from './render-answer.ts'
import { november, render, total } from './render-case-fixture.ts'
import { answerOf, asked, now } from './render-fixture.ts'
import { totalCases } from './total-cases-fixture.ts'

const cases = { ...totalCases, ...recordCases }

describe('what stands around the sentence', () => {
  test('chips say how the question was read', () => {
    const { chips } = render(cases['a comparison']!)
    expect(chips.map(({ label, value }) => `${label}: ${value}`)).toEqual([
      '대상: 매출',
      '기준: 매출액',
      '기간: 2026.11.01–11.30 (이번 달)',
      '비교: 직전 기간',
    ])
  })

  test('coverage says the dates, that the month still runs, and what it is compared with', () => {
    expect(render(cases['a total']!).coverage).toBe('2026.11.01–11.30 · 오늘까지 집계')
    expect(render(cases['a total']!, 'en').coverage).toBe('1–30 Nov 2026 · to date')
    expect(render(cases['a comparison']!).coverage).toBe(
      '2026.11.01–11.30 · 오늘까지 집계 · 지난달 2026.10.01–10.31 대비',
    )
    expect(render(cases['rates by group']!).coverage).toBe('2026.10.01–10.31')
    expect(render(cases['another date']!).coverage).toBe('납기일 2026.11.23–11.29')
    expect(render(cases['my days']!).coverage).toBe('전체 연도 · 현재 기준')
    expect(render(cases['a field against a field']!).coverage).toBe('현재 기준')
  })

  test('nothing found of somebody else within one’s rights is not called a zero', () => {
    const query: BusinessQuery = { entity: 'sales', measures: ['amount'], where: [['salesperson', 'eq', '이서연']] }
    const answer = answerOf(query, [{ amount: '0' }], total({ amount: '0' }))
    const own: RowFilter = [[['salesperson', 'eq', '김민수']]]
    const say = (question: BusinessQuery, rows: RowFilter, language: 'ko' | 'en' = 'ko') =>
      renderAnswer({ asked: asked(question, language), answer, rows, now })
    expect(say(query, own)).toMatchObject({ kind: 'empty', text: '볼 수 있는 범위에는 이서연 매출이 없어요.' })
    expect(say(query, own, 'en').text).toBe('Nothing found among what you can see: sales for 이서연.')
    expect(say({ ...query, period: november }, own).text).toBe(
      '볼 수 있는 범위에는 조건에 맞는 매출이 없어요. 기간을 넓혀 볼까요?',
    )
    const leave: BusinessQuery = { entity: 'leave', measures: ['remaining'], where: [['employee', 'eq', '이서연']] }
    const none = answerOf(leave, [{ remaining: '0' }], total({ remaining: '0' }))
    const mine = { asked: asked(leave), answer: none, rows: [[['employee', 'eq', '김민수']]] as RowFilter, now }
    expect(renderAnswer(mine).text).toBe('볼 수 있는 범위에는 이서연 연차가 없어요.')
    expect(say(query, 'all').text).toBe('이서연 매출은 **0원**이에요.')
    expect(say({ ...query, where: [['salesperson', 'eq', '@me']] }, own).text).toBe('내 매출은 **0원**이에요.')
  })

  test('coverage says when the reader sees only some rows', () => {
    const { query, rows, more } = cases['a total']!
    const answer = answerOf(query, rows, more)
    const own = renderAnswer({ asked: asked(query), answer, rows: [[['salesperson', 'eq', '김민수']]], now })
    expect(own.coverage).toBe('2026.11.01–11.30 · 오늘까지 집계 · 담당자 김민수만')
  })

  test.each([
    ['live', '2026-11-23T05:32:00Z', 'ERP 실시간 · 14:32 기준', 'Live from ERP · as of 14:32'],
    [
      'copy',
      '2026-11-23T05:29:00Z',
      'ERP 응답이 늦어 사본으로 답했어요 · 14:29 기준 (3분 전)',
      'ERP is slow; answered from our copy · as of 14:29 (3 min ago)',
    ],
    [
      'failover',
      '2026-11-22T05:29:00Z',
      'ERP 예비 서버 · 2026.11.22 (일) 14:29 기준',
      'From the standby ERP · as of 22 Nov 2026 (Sun) 14:29',
    ],
  ] as const)('the source %s is named with its time', (source, asOf, ko, en) => {
    const { query, rows } = cases['a total']!
    const sourced = { query, rows, more: { source, asOf, totals: { amount: '1' } } }
    expect(render(sourced).sourceText).toBe(ko)
    expect(render(sourced, 'en').sourceText).toBe(en)
  })

  test.each([
    ['slow', 'ERP 응답이 늦어 사본으로 답했어요', 'ERP is slow; answered from our copy'],
    ['unreachable', 'ERP에 연결할 수 없어 사본으로 답했어요', 'ERP cannot be reached; answered from our copy'],
    ['limited', 'ERP에 요청이 몰려 사본으로 답했어요', 'ERP is limiting requests; answered from our copy'],
    [
      'unclear',
      'ERP가 알아볼 수 없는 답을 보내 사본으로 답했어요',
      'ERP sent an unreadable reply; answered from our copy',
    ],
    ['changing', 'ERP 데이터가 계속 바뀌어 사본으로 답했어요', 'ERP data kept changing; answered from our copy'],
    [
      'tooMuch',
      'ERP에서 한 번에 읽기에는 많아 사본으로 답했어요',
      'Too much to read from the ERP at once; answered from our copy',
    ],
  ] as const)('a copy says why it answered: %s', (copyReason, ko, en) => {
    const { query, rows } = cases['a total']!
    const more = { source: 'copy', copyReason, asOf: '2026-11-23T03:32:00Z', totals: { amount: '1' } } as const
    expect(render({ query, rows, more }).sourceText).toBe(`${ko} · 12:32 기준 (2시간 전)`)
    expect(render({ query, rows, more }, 'en').sourceText).toBe(`${en} · as of 12:32 (2 h ago)`)
  })

  test('the headline carries the exact value', () => {
    expect(render(cases['a total']!).headline).toEqual({
      label: '이번 달 매출',
      text: '12억 3,450만 원',
      exact: '1234500000',
      type: 'money',
    })
  })
})

test('an empty answer offers wider periods, a partial list names no leader', () => {
  expect(render(cases['nothing found']!)).toMatchObject({
    kind: 'empty',
    prompts: [{ label: '최근 3개월' }, { label: '올해' }, { label: '작년' }],
  })
  const partial = {
    ...cases['groups with a total']!,
    more: { totals: { amount: '9' }, completeness: { kind: 'first' as const, of: 900 } },
  }
  expect(render(partial).text).toBe('이번 달 거래처별 매출은 모두 **9원**이에요.')
})
